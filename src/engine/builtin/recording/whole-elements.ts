import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Elements that have others in them, which are looked at one by one (RFC 9559): the segment and its clusters. */
const CLUSTER = 0x1f_43_b6_75;
const masters = new Set([0x18_53_80_67, CLUSTER]);
/** What else may stand there: of the file, of a segment, of a cluster. */
const known = new Set([
  0x1a_45_df_a3, 0x11_4d_9b_74, 0x15_49_a9_66, 0x16_54_ae_6b, 0x1c_53_bb_6b, 0x12_54_c3_67, 0x10_43_a7_70,
  0x19_41_a4_69, 0xe7, 0xa3, 0xa0, 0xa7, 0xab, 0x58_54, 0xec, 0xbf,
]);

const CHUNK_BYTES = 256 * 1024;
const LONGEST_HEAD = 12;

/** Reads on and on, a chunk at a time. */
class Chunks {
  #chunk = Buffer.alloc(0);
  #from = 0;

  constructor(
    readonly file: number,
    readonly size: number,
  ) {}

  /** As many bytes as an element's head may have, or what is left. */
  head(at: number): Buffer {
    const end = Math.min(at + LONGEST_HEAD, this.size);
    if (at < this.#from || end > this.#from + this.#chunk.length) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, this.size - at));
      this.#chunk = chunk.subarray(0, readSync(this.file, chunk, 0, chunk.length, at));
      this.#from = at;
    }
    return this.#chunk.subarray(at - this.#from, end - this.#from);
  }
}

/** How many bytes a number has, by its first one; 0 where it is none. */
const lengthOf = (first: number | undefined): number => (first ? Math.clz32(first) - 23 : 0);

/** An element's head: what it is, where its content begins, and how long that is; undefined where none is whole. */
function readHead(bytes: Buffer): { id: number; contentAt: number; size: number | undefined } | undefined {
  const idLength = lengthOf(bytes[0]);
  if (idLength === 0 || idLength > 4) return undefined;
  const sizeLength = lengthOf(bytes[idLength]);
  const contentAt = idLength + sizeLength;
  if (sizeLength === 0 || contentAt > bytes.length) return undefined;
  let size = (bytes[idLength] ?? 0) & (0xff >> sizeLength);
  let isUnknown = size === 0xff >> sizeLength;
  for (const byte of bytes.subarray(idLength + 1, contentAt)) {
    size = size * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return { id: bytes.readUIntBE(0, idLength), contentAt, size: isUnknown ? undefined : size };
}

/**
 * How far a file consists of whole elements that may stand in it; 0 where none of them has media. What reads it searches on where one is broken, byte by byte,
 * and may never end; and it drops all of a cluster of which the end is missing.
 */
export function wholeElements(path: string): number {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const chunks = new Chunks(file, size);
    let at = 0;
    let hasMedia = false;
    for (;;) {
      const head = readHead(chunks.head(at));
      if (!head) return hasMedia ? at : 0;
      hasMedia ||= head.id === CLUSTER;
      const contentAt = at + head.contentAt;
      if (masters.has(head.id)) at = contentAt;
      else if (known.has(head.id) && head.size !== undefined && contentAt + head.size <= size)
        at = contentAt + head.size;
      else return hasMedia ? at : 0;
    }
  } finally {
    closeSync(file);
  }
}
