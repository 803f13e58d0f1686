import type { Parameters } from "./answer.js";

/** What can be made to go wrong with a call; where nothing else is said, the server does what it was asked to first. */
export type Fault =
  /** It waits so many milliseconds of real time before it does anything. */
  | { slow: number }
  /** It does it, and never answers. */
  | { silent: true }
  /** It does not do it, and a page of HTML says so with this status. */
  | { status: number }
  /** It does not do it, and says FAILED with this `messageKey`. */
  | { failed: string }
  /** Before: it cuts the line without doing it. After: it does it, and cuts the line in place of an answer. */
  | { reset: "before" | "after" }
  /** The answer ends in the middle; or is no XML; or carries a DTD whose entities grow; or has so many bytes more. */
  | { body: "truncated" | "broken" | "entities" }
  | { oversized: number };

interface Injected {
  call: string;
  fault: Fault;
  left: number;
  where: (given: Parameters) => boolean;
}

export interface Injecting {
  /** How many calls it befalls; all until it is mended when left out. */
  times?: number;
  /** Only calls with such parameters. */
  where?: (given: Parameters) => boolean;
}

export class Faults {
  #injected: Injected[] = [];

  /** `*` is every call. @returns mends it */
  inject(call: string, fault: Fault, { times = Number.POSITIVE_INFINITY, where = () => true }: Injecting): () => void {
    const injected = { call, fault, left: times, where };
    this.#injected.push(injected);
    return () => {
      this.#injected = this.#injected.filter((each) => each !== injected);
    };
  }

  mend(call?: string): void {
    this.#injected = call === undefined ? [] : this.#injected.filter((each) => each.call !== call);
  }

  /** The newest one that befalls this call. */
  take(call: string, given: Parameters): Fault | undefined {
    const met = this.#injected.findLast(
      (each) => each.left > 0 && (each.call === call || each.call === "*") && each.where(given),
    );
    if (met) met.left -= 1;
    return met?.fault;
  }
}

const bomb = `<!DOCTYPE response [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`;

/** The text as this fault leaves it. */
export function spoilt(text: string, fault: Fault): string {
  if ("oversized" in fault) return text.replace("</response>", `<x>${"x".repeat(fault.oversized)}</x></response>`);
  if (!("body" in fault)) return text;
  if (fault.body === "truncated") return text.slice(0, text.length * 0.6);
  if (fault.body === "broken") return text.replace("<returncode>", "<returncode").replace("</response>", "</reply>");
  return `<?xml version="1.0"?>${bomb}${text.replace("</response>", "<note>&c;</note></response>")}`;
}
