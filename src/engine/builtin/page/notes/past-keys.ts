const byInputType: Readonly<Record<string, Way>> = { historyUndo: "takeBack", historyRedo: "doAgain" };

export type Way = "takeBack" | "doAgain";

/** By its letter; where the keyboard has others, by its place on a Latin one. */
const letterOf = ({ key, code }: KeyboardEvent): string =>
  /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, "").toLowerCase();

/** Whether it asks to take the last thing back, or to do it again: by keys, or by the browser's own menu. */
export function wayThroughThePast(event: KeyboardEvent | InputEvent): Way | undefined {
  if (event instanceof InputEvent) return byInputType[event.inputType];
  const { ctrlKey, metaKey, altKey, shiftKey } = event;
  if (altKey || !(ctrlKey || metaKey)) return undefined;
  const letter = letterOf(event);
  if (letter === "z") return shiftKey ? "doAgain" : "takeBack";
  return letter === "y" && ctrlKey ? "doAgain" : undefined;
}
