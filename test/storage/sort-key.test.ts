import { expect, test } from "vitest";
import { sortKey } from "../../src/storage/sort-key.js";

/** Every letter that has another form of any kind: case, compatibility, marks apart. */
function formed(): string[] {
  const found: string[] = [];
  for (let point = 0; point <= 0x10ffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const letter = String.fromCodePoint(point);
    const forms = [letter.toLowerCase(), letter.toUpperCase(), letter.normalize("NFD"), letter.normalize("NFKC")];
    if (forms.some((form) => form !== letter)) found.push(letter);
  }
  return found;
}

test("all forms of every letter there is have one key, and a key is its own key", () => {
  const wrong = formed().filter((letter) => {
    const key = sortKey(letter);
    const cased = [letter, letter.toLowerCase(), letter.toUpperCase(), letter.toLowerCase().toUpperCase()];
    const forms = cased.flatMap((form) => (["NFC", "NFD", "NFKC", "NFKD"] as const).map((by) => form.normalize(by)));
    return [...forms, key].some((form) => sortKey(form) !== key);
  });
  expect(wrong.map((letter) => letter.codePointAt(0)?.toString(16))).toEqual([]);
});

test("letters that are different stay different", () => {
  const apart = [
    "a",
    "ä",
    "å",
    "i",
    "í",
    "ì",
    "j",
    "o",
    "ø",
    "σ",
    "ς".repeat(2),
    "ا",
    "أ",
    "ى",
    "ي",
    "ة",
    "ه",
    "ж",
    "\u{1f600}",
  ];
  expect(new Set(apart.map(sortKey)).size).toBe(apart.length);
});

test("the key of what has no title sorts after the key of every title, by bytes as the databases compare", () => {
  const last = Buffer.from(sortKey(null));
  for (const text of ["", "z", "\uffff", "\u{1f600}", "\u{10fffe}", "\u{10ffff}", "\u{10ffff}\u{10ffff}"]) {
    expect([text, Buffer.from(sortKey(text)).compare(last)]).toEqual([text, -1]);
  }
});
