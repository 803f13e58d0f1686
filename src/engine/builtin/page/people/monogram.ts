/** A letter with its accents, or a whole emoji, is several characters. */
export function monogram(name: string): string {
  const trimmed = name.trim();
  if (!("Segmenter" in Intl)) return Array.from(trimmed)[0] ?? "";
  return [...new Intl.Segmenter().segment(trimmed)][0]?.segment ?? "";
}
