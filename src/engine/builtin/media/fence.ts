import { type Slot, slots } from "./permits.js";

/** Of one slot, seen by whoever wrote the description. */
export interface Passes {
  sends: boolean;
  receives: boolean;
}

const kinds: Record<Slot, string> = { mic: "audio", cam: "video", screen: "video" };

const directions = ["sendrecv", "sendonly", "recvonly", "inactive"] as const;
type Direction = (typeof directions)[number];

const isSent = (direction: Direction) => direction === "sendrecv" || direction === "sendonly";
const isReceived = (direction: Direction) => direction === "sendrecv" || direction === "recvonly";

const directionOf = ({ sends, receives }: Passes): Direction =>
  sends ? (receives ? "sendrecv" : "sendonly") : receives ? "recvonly" : "inactive";

const isDirection = (text: string): text is Direction => (directions as readonly string[]).includes(text);

/** Readers differ in what they forgive: whatever some of them could take for a direction must be one, to the letter. */
const looksLikeDirection = /^\s*a\s*=\s*(?:sendrecv|sendonly|recvonly|inactive)/i;
const looksLikeMedia = /^\s*m\s*=/i;

function splitSections(lines: readonly string[]): string[][] {
  const sections: string[][] = [[]];
  for (const line of lines) {
    if (looksLikeMedia.test(line)) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

/** The section with its one direction narrowed to what may pass; undefined where it has none, or more, or an odd one. */
function fencedSection(lines: readonly string[], allowed: Passes): string[] | undefined {
  const at = lines.flatMap((line, index) => (looksLikeDirection.test(line) ? [index] : []));
  const direction = lines[at[0] ?? -1]?.slice("a=".length);
  if (at.length !== 1 || direction === undefined || !isDirection(direction)) return undefined;
  const narrowed = directionOf({
    sends: isSent(direction) && allowed.sends,
    receives: isReceived(direction) && allowed.receives,
  });
  return lines.with(at[0] ?? 0, `a=${narrowed}`);
}

/**
 * A session description (RFC 8866) as the other one may have it: exactly a microphone, a camera and a screen, and of each
 * only the directions in which something may pass.
 * @returns undefined where it is anything else
 */
export function fence(sdp: string, passes: Readonly<Record<Slot, Passes>>): string | undefined {
  const [session = [], ...media] = splitSections(sdp.split(/\r\n|\r|\n/));
  if (media.length !== slots.length || session.some((line) => looksLikeDirection.test(line))) return undefined;
  const fenced = slots.map((slot, at) => {
    const lines = media[at] ?? [];
    if (!lines[0]?.startsWith(`m=${kinds[slot]} `)) return undefined;
    return fencedSection(lines, passes[slot]);
  });
  if (fenced.includes(undefined)) return undefined;
  return [...session, ...fenced.flatMap((lines) => lines ?? [])].join("\r\n");
}
