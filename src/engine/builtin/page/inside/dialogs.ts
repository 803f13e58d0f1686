import { signal } from "@preact/signals";

/** What is asked or shown before the room; one at a time. */
export type Shown =
  | { what: "none" | "more" | "about" | "devices" | "record" }
  | { what: "person" | "remove"; id: string };

export const dialog = signal<Shown>({ what: "none" });

export const closeDialog = (): void => {
  dialog.value = { what: "none" };
};
