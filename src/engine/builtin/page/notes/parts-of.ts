// What one takes back may be more than one frame holds: an update in parts, each small enough.

import * as Y from "yjs";
import { isInside } from "./change.js";

type Piece = ReturnType<typeof Y.decodeUpdate>["structs"][number];
interface Range {
  client: number;
  clock: number;
  length: number;
}

/** As version 1 of the format has it: pieces by their writer, then what is deleted. All its numbers are written alike. */
function pieceAlone(piece: Piece): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoder.writeLen(1);
  encoder.writeLen(1);
  encoder.writeClient(piece.id.client);
  encoder.writeLen(piece.id.clock);
  piece.write(encoder, 0);
  encoder.writeLen(0);
  return encoder.toUint8Array();
}

function deletedAlone(ranges: readonly Range[]): Uint8Array {
  const byClient = new Map<number, Range[]>();
  for (const range of ranges) byClient.set(range.client, [...(byClient.get(range.client) ?? []), range]);
  const encoder = new Y.UpdateEncoderV1();
  encoder.writeLen(0);
  encoder.writeLen(byClient.size);
  for (const [client, all] of byClient) {
    encoder.writeClient(client);
    encoder.writeLen(all.length);
    for (const { clock, length } of all) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(length);
    }
  }
  return encoder.toUint8Array();
}

/** A long text as several that follow one another. */
function cut(piece: Piece, letters: number): Piece[] {
  if (!(piece instanceof Y.Item && piece.content instanceof Y.ContentString)) return [piece];
  const { id, rightOrigin, parent, content } = piece;
  const found: Piece[] = [];
  for (let from = 0; from < content.str.length; ) {
    const end = from + letters;
    const to = isInside(content.str, end) ? end - 1 : end;
    const origin = from === 0 ? piece.origin : Y.createID(id.client, id.clock + from - 1);
    const text = new Y.ContentString(content.str.slice(from, to));
    found.push(new Y.Item(Y.createID(id.client, id.clock + from), null, origin, null, rightOrigin, parent, null, text));
    from = to;
  }
  return found;
}

/** @param most letters of one part, and deleted ranges */
export function partsOf(update: Uint8Array, most: { letters: number; ranges: number }): Uint8Array[] {
  const { structs, ds } = Y.decodeUpdate(update);
  const pieces = structs.flatMap((piece) => cut(piece, most.letters)).map(pieceAlone);
  const ranges = [...ds.clients].flatMap(([client, all]) =>
    all.map(({ clock, len: length }): Range => ({ client, clock, length })),
  );
  const deleted: Uint8Array[] = [];
  for (let from = 0; from < ranges.length; from += most.ranges) {
    deleted.push(deletedAlone(ranges.slice(from, from + most.ranges)));
  }
  return [...pieces, ...deleted];
}
