import type { Person } from "../line/frames.js";

const hues = 8;

/** A letter with its accents, or a whole emoji, is several characters. */
export function monogramOf(name: string): string {
  const trimmed = name.trim();
  if (!("Segmenter" in Intl)) return Array.from(trimmed)[0] ?? "";
  return [...new Intl.Segmenter().segment(trimmed)][0]?.segment ?? "";
}

/** The same person has the same colour wherever they are shown. */
export const hueOf = (id: string): number =>
  Array.from(id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % hues;

export function Avatar({ person: { id, name } }: { person: Pick<Person, "id" | "name"> }) {
  return (
    <span class={`avatar hue-${hueOf(id)}`} aria-hidden="true">
      {monogramOf(name)}
    </span>
  );
}
