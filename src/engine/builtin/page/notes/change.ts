/** One stretch of a text that was replaced. */
export interface Change {
  at: number;
  removed: number;
  inserted: string;
}

/** A step through a text, as Yjs tells what changed in it. */
export interface Step {
  retain?: number | undefined;
  insert?: unknown;
  delete?: number | undefined;
}

const isHigh = (letter: number): boolean => letter >= 0xd800 && letter <= 0xdbff;
/** Whether one character lies on both sides of this place. */
export const isInside = (text: string, at: number): boolean =>
  at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && (text.charCodeAt(at) & 0xfc00) === 0xdc00;

/**
 * What was replaced where a text became another one. @param caret where it stands afterwards: among letters that are all the same it
 * says which one was typed
 */
export function changeBetween(before: string, after: string, caret: number): Change | undefined {
  if (before === after) return undefined;
  let end = 0;
  const shorter = Math.min(before.length, after.length);
  const most = Math.min(shorter, Math.max(0, after.length - caret));
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  let at = 0;
  while (at < shorter - end && before[at] === after[at]) at += 1;
  // What is the same behind the caret too: a caret that was put elsewhere by the browser says nothing.
  while (end < shorter - at && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  while (isInside(before, at) || isInside(after, at)) at -= 1;
  while (isInside(before, before.length - end) || isInside(after, after.length - end)) end -= 1;
  return { at, removed: before.length - end - at, inserted: after.slice(at, after.length - end) };
}

/** Where a caret stands after others changed the text: with the letters that it stood between. */
export function moved(caret: number, steps: readonly Step[]): number {
  let at = 0;
  let place = caret;
  for (const { retain, insert, delete: removed } of steps) {
    if (retain !== undefined) at += retain;
    else if (typeof insert === "string") {
      if (at < place) place += insert.length;
      at += insert.length;
    } else if (removed !== undefined) place -= Math.min(removed, Math.max(0, place - at));
  }
  return place;
}

/** Where the last of these ends. */
export function endOf(steps: readonly Step[]): number {
  let at = 0;
  for (const { retain, insert } of steps) at += retain ?? (typeof insert === "string" ? insert.length : 0);
  return at;
}

// Those the server takes no text with.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** As a pasted text may be written there. */
export const cleaned = (text: string): string => text.replace(controls, " ");
