import { changeSpeed, now, seek, toggle, video } from "./video.js";

const stepSeconds = 10;

/** Where keys have a meaning of their own. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("video, button, a, select, input, summary") !== null;

const acts: Record<string, () => void> = {
  " ": () => void toggle(),
  k: () => void toggle(),
  ArrowLeft: () => seek(now.value - stepSeconds),
  ArrowRight: () => seek(now.value + stepSeconds),
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  m: () => {
    video.muted = !video.muted;
  },
};

/** A recording's time goes to the right in every language, as its player's own line does. */
export function listen(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTaken(event.target)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
