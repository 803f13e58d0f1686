import { computed, signal } from "@preact/signals";

/** Parts of the room that share its side, or on a phone the whole of it. A further one is an entry here and in room.tsx. */
export const panels = ["people", "chat", "notes"] as const;
export type Panel = (typeof panels)[number];

/** People and one more beside each other; room.css says the same. */
const wide = matchMedia("(min-width: 56rem)");

export const isWide = signal(wide.matches);
wide.addEventListener("change", () => (isWide.value = wide.matches));

export const isPageSeen = signal(document.visibilityState === "visible");
document.addEventListener("visibilitychange", () => (isPageSeen.value = document.visibilityState === "visible"));

const chosen = signal<Panel>("people");

/** On a wide screen people are always there, and this is what is beside them. */
export const panel = computed<Panel>(() => (isWide.value && chosen.value === "people" ? "chat" : chosen.value));

export const choosePanel = (next: Panel): void => {
  chosen.value = next;
};
