import { computed, signal } from "@preact/signals";
import { hasPicture } from "../media/on-air.js";

/** Parts of the room that share its side, or on a phone the whole of it. A further one is an entry here and in room.tsx. */
export const panels = ["stage", "people", "chat", "notes"] as const;
export type Panel = (typeof panels)[number];

/** People and one more beside each other; room.css says the same. */
const wide = matchMedia("(min-width: 56rem)");

export const isWide = signal(wide.matches);
wide.addEventListener("change", () => (isWide.value = wide.matches));

export const isPageSeen = signal(document.visibilityState === "visible");
document.addEventListener("visibilitychange", () => (isPageSeen.value = document.visibilityState === "visible"));

const chosen = signal<Panel | undefined>(undefined);

/** On a wide screen there is always one beside the others: the stage while there is something to see, people else. */
export const mainPanel = computed<Panel>(() => (hasPicture.value ? "stage" : "people"));

/** Those one can choose among. */
export const shownPanels = computed<readonly Panel[]>(() =>
  panels.filter((each) =>
    isWide.value ? each !== "stage" && each !== mainPanel.value : each !== "stage" || hasPicture.value,
  ),
);

/** Until one chooses it is what matters most; on a wide screen it is what is beside the main one. */
export const panel = computed<Panel>(() => {
  const { value } = chosen;
  if (value !== undefined && shownPanels.value.includes(value)) return value;
  return isWide.value ? "chat" : mainPanel.value;
});

export const choosePanel = (next: Panel): void => {
  chosen.value = next;
};
