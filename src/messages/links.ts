/** Part of a text; with an address it can be opened. */
export interface TextPart {
  text: string;
  address?: string;
}

// What a sentence, or a bracket around the address, ends with is not the address's own.
const address = /\bhttps?:\/\/[^\s<>"]+/giu;
const ends = /[.,;:!?'"…،؛؟»”’]+$/u;

function withoutEnd(found: string): string {
  let rest = found.replace(ends, "");
  // An address may hold brackets, in pairs.
  while (/[)\]}]$/.test(rest) && !/[([{]/.test(rest)) rest = rest.slice(0, -1).replace(ends, "");
  return rest;
}

/** The text in its order, with the http and https addresses in it apart. */
export function linkParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const shown = withoutEnd(found);
    if (!URL.canParse(shown)) continue;
    if (index > done) parts.push({ text: text.slice(done, index) });
    parts.push({ text: shown, address: shown });
    done = index + shown.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}
