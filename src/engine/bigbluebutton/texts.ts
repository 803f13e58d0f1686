/** Letters of a room's name that every version takes; UTF-16 units, as its servers count. */
const LONGEST_NAME = 64;

/** No tags, which the server would take out, and perhaps leave nothing. */
const withoutTags = (text: string): string => text.replaceAll("<", "‹").replaceAll(">", "›");

/** As much of the text as fits, whole letters only. */
function cut(text: string, most: number, sizeOf: (letter: string) => number): string {
  let size = 0;
  let kept = "";
  for (const letter of text) {
    size += sizeOf(letter);
    if (size > most) return kept;
    kept += letter;
  }
  return kept;
}

/** A room's name as the server takes it: 2 to 64 letters in one line. */
export function titleFor(title: string): string {
  const plain = withoutTags(title).replace(/\s+/g, " ").trim();
  const name = plain.length > LONGEST_NAME ? `${cut(plain, LONGEST_NAME - 1, ({ length }) => length).trim()}…` : plain;
  return name.length < 2 ? `${name}··`.slice(0, 2) : name;
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br>", "\r": "" };

const sizeInAddress = (text: string): number => new URLSearchParams({ "": text }).toString().length - 1;

/**
 * A text as the HTML that the server makes of it: no tags of its author's, and no `%%…%%`, which the server would fill in.
 * @param most bytes of an address
 */
export function textFor(text: string, most: number): string {
  const html = (letter: string) => escapes[letter] ?? letter;
  // Which of several percent signs is escaped is known only afterwards.
  const size = (letter: string) => sizeInAddress(letter === "%" ? "&#37;" : html(letter));
  const kept = cut(text, most - sizeInAddress("…"), size);
  const escaped = kept.replace(/[&<>\n\r]/g, html).replaceAll("%%", "%&#37;");
  return kept.length < text.length ? `${escaped}…` : escaped;
}
