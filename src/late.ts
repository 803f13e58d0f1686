import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";

/** The largest of the parts is some thirty files, and Node opens them all at once. */
const FILES_OF_A_PART = 48;

/** @throws Error EMFILE where so many files can't be opened now */
function demandFiles(): void {
  const opened: number[] = [];
  try {
    while (opened.length < FILES_OF_A_PART) opened.push(openSync(devNull, "r"));
  } finally {
    for (const file of opened) closeSync(file);
  }
}

/**
 * A part that is loaded when it is first needed, and kept; where that fails, whoever needs it next tries it again. Without
 * descriptors for its files it is not even tried: Node 20 remembers a module that could not be loaded until the process ends.
 * @throws what `load` throws, or Error EMFILE
 */
export function late<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  const tryToLoad = async () => {
    demandFiles();
    return load();
  };
  const forget = (error: unknown) => {
    loading = undefined;
    throw error;
  };
  return () => (loading ??= tryToLoad().catch(forget));
}
