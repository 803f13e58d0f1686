// The document of the shared notes in this page.

import type { Signal } from "@preact/signals";
import * as Y from "yjs";
import { bytesOf, inBase64 } from "./bytes.js";
import { type Change, isInside, type Step } from "./change.js";
import { partsOf } from "./parts-of.js";

/** So that one writing fits into a frame, whatever the script. */
const lettersAtOnce = 2_000;
const removedAtOnce = 1_000;
/** Of what is said together; the server takes a little more. */
const most = { bytes: 8_000, pieces: 60, ranges: 1_000, comparisons: 20_000 };
/** Between two that are said. */
const pauseMs = 300;
const againMs = 1_000;
/** What was told lately, and a server that dies may not have stored: so much is remembered. */
const mostRemembered = 512_000;
/** What is written in so long is taken back together, unless one paused. */
const stepMs = 2_500;
const stepPauseMs = 500;

type Say = (update: string, ref: string) => boolean;
/** @param isOwn what its person took back, or did again */
type Listener = (steps: readonly Step[], isOwn: boolean) => void;

const piecesOf = ({ store }: Y.Doc): number => [...store.clients.values()].reduce((sum, { length }) => sum + length, 0);

/** How many of these, from the first on, may be said together; the more pieces a document has, the fewer. */
function together(updates: readonly Uint8Array[], doc: Y.Doc): number {
  const pieces = Math.min(most.pieces, most.comparisons / Math.max(1, piecesOf(doc)));
  const sum = { bytes: 0, pieces: 0, ranges: 0 };
  const tooMany = updates.findIndex((update) => {
    const { structs, ds } = Y.decodeUpdate(update);
    sum.bytes += update.byteLength;
    sum.pieces += structs.length;
    for (const { length } of ds.clients.values()) sum.ranges += length;
    return sum.bytes > most.bytes || sum.pieces > pieces || sum.ranges > most.ranges;
  });
  return tooMany < 0 ? updates.length : Math.max(1, tooMany);
}

export class Notebook {
  /** Told what others changed; of one's own, what was taken back. */
  listener: Listener | undefined;
  #doc = new Y.Doc();
  #past!: Y.UndoManager;
  #stepBegan = 0;
  #unsent: Uint8Array[] = [];
  #underWay: { ref: string; updates: Uint8Array[] } | undefined;
  #count = 0;
  #isOpen = false;
  #mayTellAt = 0;
  #timer = 0;
  /** Told since the server stored last, and before that. */
  #lately: [Uint8Array[], Uint8Array[]] = [[], []];
  /** While a word is being composed nothing of others may move it. */
  #held: Uint8Array[] | undefined;

  constructor(
    readonly say: Say,
    readonly isPending: Signal<boolean>,
  ) {
    this.#begin(this.#doc);
  }

  get text(): string {
    return this.#doc.getText("notes").toJSON();
  }

  #begin(doc: Y.Doc): void {
    const notes = doc.getText("notes");
    const past = new Y.UndoManager(notes, { captureTimeout: stepPauseMs });
    this.#past = past;
    notes.observe(({ delta, transaction: { local, origin } }) => {
      if (!local || origin === past) this.listener?.(delta, local);
    });
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === "server") return;
      const parts = origin === past ? partsOf(update, { letters: lettersAtOnce, ranges: most.ranges }) : [update];
      this.#unsent.push(...parts);
      this.#sayNext();
    });
  }

  /** What its person changed, in writings that are small enough. */
  change({ at, removed, inserted }: Change): void {
    const now = performance.now();
    if (now - this.#stepBegan > stepMs) {
      this.#past.stopCapturing();
      this.#stepBegan = now;
    }
    const notes = this.#doc.getText("notes");
    for (let left = removed; left > 0; left -= removedAtOnce) notes.delete(at, Math.min(left, removedAtOnce));
    for (let from = 0; from < inserted.length; ) {
      const end = from + lettersAtOnce;
      const to = isInside(inserted, end) ? end - 1 : end;
      notes.insert(at + from, inserted.slice(from, to));
      from = to;
    }
  }

  /** What others wrote meanwhile stays. */
  takeBack(): void {
    this.#past.undo();
  }

  doAgain(): void {
    this.#past.redo();
  }

  /** The whole of it, when the notes were opened, and again after the line was back. */
  opened({ update, vector }: { update: string; vector: string }, isLocked: boolean): void {
    // Who may not write can't bring anything back, and shows what is there.
    if (isLocked && this.#unsent.length === 0) this.#replace();
    this.#takeInTurn(bytesOf(update));
    this.#isOpen = true;
    if (!isLocked) this.#unsent.unshift(...this.#lost(Y.decodeStateVector(bytesOf(vector))));
    this.#sayNext();
  }

  /** Of what was told lately, what the server does not have, because it died before it was stored. */
  #lost(known: Map<number, number>): Uint8Array[] {
    return this.#lately.flat().filter((update) => {
      const { to } = Y.parseUpdateMeta(update);
      // What deletes is in no vector; said again it changes nothing.
      return to.size === 0 || [...to].some(([writer, clock]) => clock > (known.get(writer) ?? 0));
    });
  }

  told(update: string): void {
    const bytes = bytesOf(update);
    this.#remember([bytes]);
    this.#takeInTurn(bytes);
  }

  #takeInTurn(update: Uint8Array): void {
    if (this.#held) this.#held.push(update);
    else this.#take(update);
  }

  #take(update: Uint8Array): void {
    Y.applyUpdate(this.#doc, update, "server");
  }

  #remember(updates: readonly Uint8Array[]): void {
    const [before, now] = this.#lately;
    now.push(...updates);
    let bytes = [...before, ...now].reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (bytes > mostRemembered) bytes -= (before.shift() ?? now.shift())?.byteLength ?? bytes;
  }

  /** What was told before the last of these is stored; what came since may not be. */
  kept(): void {
    this.#lately = [this.#lately[1], []];
  }

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const update of held) this.#take(update);
  }

  taken(ref: string | undefined): void {
    if (!this.#underWay || this.#underWay.ref !== ref) return;
    this.#remember(this.#underWay.updates);
    this.#underWay = undefined;
    this.#sayNext();
  }

  /** It was too much, or could not be taken just now. */
  notYet(): void {
    this.#mayTellAt = performance.now() + againMs;
    this.#putBack();
    this.#sayNext();
  }

  /** Whether what was under way came, nobody knows: it is said again, which changes nothing where it had. */
  lineBroke(): void {
    this.#isOpen = false;
    this.#putBack();
  }

  #putBack(): void {
    this.#unsent.unshift(...(this.#underWay?.updates ?? []));
    this.#underWay = undefined;
  }

  /** Nothing of one's own that was not taken stays; what the room has comes with `opened`. */
  giveUp(): void {
    this.#isOpen = false;
    this.#unsent = [];
    this.#underWay = undefined;
    this.#lately = [[], []];
    this.#replace();
    this.isPending.value = false;
  }

  #replace(): void {
    const { length } = this.text;
    this.#doc.destroy();
    this.#doc = new Y.Doc();
    this.#begin(this.#doc);
    if (length > 0) this.listener?.([{ delete: length }], false);
  }

  /** One after the other: what is written meanwhile goes along with the next. */
  #sayNext(): void {
    this.isPending.value = this.#unsent.length > 0 || this.#underWay !== undefined;
    if (!this.#isOpen || this.#underWay || this.#timer !== 0 || this.#unsent.length === 0) return;
    const wait = this.#mayTellAt - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        this.#sayNext();
      }, wait);
      return;
    }
    const updates = this.#unsent.splice(0, together(this.#unsent, this.#doc));
    this.#count += 1;
    const ref = `notes-${this.#count}`;
    this.#underWay = { ref, updates };
    this.#mayTellAt = performance.now() + pauseMs;
    if (!this.say(inBase64(Y.mergeUpdates(updates)), ref)) this.lineBroke();
  }
}
