import { text } from "../texts.js";
import { openNotes } from "./notes.js";

const keptMs = 60_000;

/** What no file's name may have, on one system or another. */
const forbidden = /[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu;

/** The text as it stands there, as a file of this device. */
export async function saveAsFile(title: string | null): Promise<void> {
  const opened = await openNotes();
  if (!opened) return;
  const address = URL.createObjectURL(new Blob([opened.notebook.text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  const named = [title || text("page.untitled"), text("page.notes")].join(" - ");
  link.download = `${named.replace(forbidden, " ").trim().slice(0, 100)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
}
