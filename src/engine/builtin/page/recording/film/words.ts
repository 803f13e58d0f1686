// Words on a canvas: each in its own direction, and no longer than there is room.

const firstIsolate = "\u2068";
const popIsolate = "\u2069";

/** A name of another direction turns nothing of what stands beside it. */
export const isolated = (name: string): string => `${firstIsolate}${name}${popIsolate}`;

const letters = "Segmenter" in Intl ? new Intl.Segmenter() : undefined;
const lettersOf = (text: string): string[] =>
  letters ? [...letters.segment(text)].map(({ segment }) => segment) : Array.from(text);

/** As much of it as fits, with dots where something is left out. */
export function fitted(canvas: CanvasRenderingContext2D, text: string, most: number): string {
  if (canvas.measureText(text).width <= most) return text;
  const all = lettersOf(text);
  let [fits, tooMany] = [0, all.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (canvas.measureText(`${all.slice(0, middle).join("")}…`).width <= most) fits = middle;
    else tooMany = middle;
  }
  return `${all.slice(0, fits).join("").trimEnd()}…`;
}
