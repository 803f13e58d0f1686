import * as Y from "yjs";
import type { RoomClient } from "./room-client.js";

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
export const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Someone inside who writes in the notes, with a document of their own as their page has it. */
export class NotesClient {
  readonly doc = new Y.Doc();
  readonly text = this.doc.getText("notes");
  #count = 0;

  constructor(readonly client: RoomClient) {
    client.socket.on("message", (data) => {
      const { type, update } = JSON.parse((data as Buffer).toString("utf8")) as { type: string; update: string };
      if (type === "notes-opened" || type === "notes") Y.applyUpdate(this.doc, bytesOf(update), "server");
    });
  }

  async open(): Promise<this> {
    await this.client.say({ type: "notes-open" });
    await this.client.frame("notes-opened");
    return this;
  }

  /** What was changed here, as one update. */
  change(change: () => void): Uint8Array {
    const updates: Uint8Array[] = [];
    const take = (update: Uint8Array) => void updates.push(update);
    this.doc.on("update", take);
    this.doc.transact(change);
    this.doc.off("update", take);
    return Y.mergeUpdates(updates);
  }

  /** @returns what the server says to it */
  async say(update: Uint8Array | string): Promise<{ type: string; code?: string; message?: string; lock?: string }> {
    const ref = `note ${(this.#count += 1)}`;
    await this.client.say({
      type: "notes-write",
      update: typeof update === "string" ? update : inBase64(update),
      ref,
    });
    return this.client.until((frame) => frame.ref === ref);
  }

  /** Writes at the end. */
  write(letters: string) {
    return this.say(this.change(() => this.text.insert(this.text.length, letters)));
  }

  /** Once this stands there. */
  async reads(expected: string): Promise<void> {
    await this.client.until(() => this.text.toJSON() === expected);
  }
}
