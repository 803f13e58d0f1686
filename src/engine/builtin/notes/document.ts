import * as Y from "yjs";
import { controlFree, surrogateFree } from "../../../characters.js";

/** The one text of a room's notes, by its name in the document. */
const TEXT = "notes";
/** Of the document, what was deleted in it counted: some 100,000 letters, of which each was typed by itself. */
export const MOST_DOCUMENT_BYTES = 256 * 1024;
/** What deletes is taken beyond it, or nobody could make room. */
const MOST_DELETING_BYTES = MOST_DOCUMENT_BYTES + 64 * 1024;
/**
 * Of the document, deleted ones among them: what each update has to look through, whether they stand at one place, belong to
 * as many writers or are deleted at once. A class that writes for an hour makes some thousands.
 */
export const MOST_DOCUMENT_PIECES = 10_000;
/** Pieces of one update. */
const MOST_PIECES = 64;
/**
 * Each piece may have to be compared with all there are, where they were made to stand at one place: who does so on purpose
 * must not hold up all others. A page of ours says one or two at a time.
 */
const MOST_COMPARISONS = 25_000;
const MOST_DELETED_RANGES = 1_000;

type Decoded = ReturnType<typeof Y.decodeUpdate>;
type Piece = Decoded["structs"][number];
type Range = { clock: number; len: number };

const isPlain = new RegExp(controlFree.multiline, "u");
const isWhole = new RegExp(surrogateFree, "u");

/** Letters of our text, or what is left of deleted ones: all that a page of ours ever writes. */
function isOurs(piece: Piece): boolean {
  if (piece.length < 1) return false;
  if (piece instanceof Y.GC) return true;
  if (!(piece instanceof Y.Item) || piece.parentSub !== null) return false;
  // Read from an update it is the name as it was sent.
  const parent: unknown = piece.parent;
  if (parent !== null && parent !== TEXT) return false;
  const { content } = piece;
  if (content instanceof Y.ContentDeleted) return true;
  return content instanceof Y.ContentString && isPlain.test(content.str) && isWhole.test(content.str);
}

/** As Yjs itself says them. Ranges that cover one another would be gone through again and again. */
const isInOrder = (ranges: readonly Range[]): boolean =>
  ranges.every(({ clock }, at) => {
    const before = ranges[at - 1];
    return !before || clock >= before.clock + before.len;
  });

function decoded(update: Uint8Array): Decoded | undefined {
  try {
    const found = Y.decodeUpdate(update);
    const ranges = [...found.ds.clients.values()].reduce((sum, { length }) => sum + length, 0);
    const isShort = found.structs.length <= MOST_PIECES && ranges <= MOST_DELETED_RANGES;
    if (!isShort || ![...found.ds.clients.values()].every(isInOrder)) return undefined;
    return found.structs.every(isOurs) ? found : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The notes of one room: a Yjs document with one text in it, and nothing else, whatever a tampered page sends.
 */
export class NotesDocument {
  readonly #doc = new Y.Doc();
  readonly #text = this.#doc.getText(TEXT);
  /** At most; measured anew where it would be too much. */
  #bytes = 0;
  #changed: Uint8Array | undefined;

  /** @param stored as `encoded` gave it */
  constructor(stored?: Uint8Array) {
    if (stored) Y.applyUpdate(this.#doc, stored);
    this.#bytes = stored?.byteLength ?? 0;
    this.#doc.on("update", (update: Uint8Array) => (this.#changed = update));
  }

  /** @returns what others are to be told, nothing where all of it was known; or why it was not taken */
  write(update: Uint8Array): Uint8Array | "INVALID" | "NOTES_FULL" | undefined {
    const found = decoded(update);
    if (!found || !this.#isLittle(found) || !this.#follows(found)) return "INVALID";
    if (!this.#hasPiecesFor(found) || !this.#hasRoomFor(update, found)) return "NOTES_FULL";
    this.#changed = undefined;
    Y.applyUpdate(this.#doc, update);
    this.#bytes += update.byteLength;
    // Pieces that only follow from one another would wait here for ever.
    const { store } = this.#doc;
    if (store.pendingStructs || store.pendingDs) store.pendingStructs = store.pendingDs = null;
    return this.#changed;
  }

  #pieces(): number {
    let pieces = 0;
    for (const structs of this.#doc.store.clients.values()) pieces += structs.length;
    return pieces;
  }

  #isLittle({ structs: { length } }: Decoded): boolean {
    return length <= 1 || length * this.#pieces() <= MOST_COMPARISONS;
  }

  /** Each new one may cut another on both sides of it. Whoever deletes whole pieces makes room. */
  #hasPiecesFor({ structs, ds }: Decoded): boolean {
    const cuts = [...ds.clients].reduce((sum, [client, ranges]) => sum + this.#cuts(client, ranges), 0);
    const more = 3 * structs.length + cuts;
    return more === 0 || this.#pieces() + more <= MOST_DOCUMENT_PIECES;
  }

  /** Pieces that these ranges begin or end within. */
  #cuts(client: number, ranges: readonly Range[]): number {
    const pieces = this.#doc.store.clients.get(client);
    if (!pieces) return 0;
    const end = Y.getState(this.#doc.store, client);
    const isWithin = (clock: number) => clock < end && pieces[Y.findIndexSS(pieces, clock)]?.id.clock !== clock;
    return ranges.flatMap(({ clock, len }) => [clock, clock + len]).filter(isWithin).length;
  }

  /** Whether it builds on what is here alone. */
  #follows({ structs, ds }: Decoded): boolean {
    const ends = new Map<number, number>();
    const endOf = (client: number) => ends.get(client) ?? Y.getState(this.#doc.store, client);
    for (const { id, length } of structs) {
      if (id.clock > endOf(id.client)) return false;
      ends.set(id.client, Math.max(endOf(id.client), id.clock + length));
    }
    const isHere = (id: Y.ID | null) => id === null || id.clock < endOf(id.client);
    const originsOf = (piece: Piece) => (piece instanceof Y.Item ? [piece.origin, piece.rightOrigin] : []);
    return (
      structs.flatMap(originsOf).every(isHere) &&
      [...ds.clients].every(([client, ranges]) => ranges.every(({ clock, len }) => clock + len <= endOf(client)))
    );
  }

  #hasRoomFor({ byteLength }: Uint8Array, { structs }: Decoded): boolean {
    const most = structs.length === 0 ? MOST_DELETING_BYTES : MOST_DOCUMENT_BYTES;
    if (this.#bytes + byteLength <= most) return true;
    this.#bytes = this.encoded().byteLength;
    return this.#bytes + byteLength <= most;
  }

  /** All of it, and what was deleted by its length. */
  encoded(): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc);
  }

  /** How far it has come, by writer. */
  vector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  text(): string {
    return this.#text.toJSON();
  }
}
