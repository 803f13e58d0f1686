// Loaded twice: by the page, which learns its address, and by the worker of that address, which ticks. In a tab that is not
// seen a page's own timers come once in a second, and after some minutes once in a minute; a worker's go on.

export const address = import.meta.url;
export const ticksPerSecond = 15;

if (typeof document === "undefined") setInterval(() => postMessage(0), 1_000 / ticksPerSecond);
