export interface Range {
  start: number;
  /** The last byte, too. */
  end: number;
}

/**
 * What a `Range` header asks for (RFC 9110, 14). Several at once are answered whole, as it allows.
 * @returns undefined: all of it; "NONE": there is nothing there
 */
export function rangeOf(header: string | undefined, size: number): Range | "NONE" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Number(last);
    return length === 0 || size === 0 ? "NONE" : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start >= size ? "NONE" : { start, end };
}
