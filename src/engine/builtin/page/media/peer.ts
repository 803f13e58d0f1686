// One other person: the connection with them, for as long as both take part. One side of each pair makes all offers, so
// that two never meet.

import type { Signal } from "../line/frames.js";
import { Call, type Surroundings, type Tracks } from "./call.js";

/** A way that was lost may come back by itself; one that was never found is tried for longer. */
const restartAfterMs = 2_500;
const anewAfterMs = 8_000;
/** A question for a new connection, while one is just being made, is answered by that one. */
const justBegunMs = 1_500;

const noCall = "none";
const newWord = (): string => Math.random().toString(36).slice(2);

export class Peer {
  #call: Call | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** Since when there is no connection; 0 while there is one. */
  #lostAt = performance.now();
  /** When something was last done about it. */
  #actedAt = 0;
  #begunAt = 0;
  #trespassedAt = 0;

  constructor(
    readonly isCaller: boolean,
    readonly around: Surroundings,
  ) {}

  /** A new connection, whoever has to offer it. */
  anew(): void {
    if (!this.isCaller) return this.around.say({ call: this.#call?.word ?? noCall, ask: "anew" });
    this.#begunAt = performance.now();
    this.#inTurn(() => this.#open(newWord()).offerFirst());
  }

  /** The way may be another now. */
  restart(): void {
    this.#inTurn(async () => this.#offerOrAsk({ iceRestart: true }));
  }

  /** Roles, switches, devices or the number of cameras may have changed. */
  update(): void {
    this.#inTurn(async () => {
      if (await this.#call?.arrange()) await this.#offerOrAsk({});
      this.around.changed();
    });
  }

  hear({ call, description, candidates, ask }: Signal): void {
    if (ask && this.isCaller) return this.#asked(ask, call);
    this.#inTurn(async () => {
      if (description?.type === "offer" && !this.isCaller) await this.#callOf(call).answer(description);
      else if (call !== this.#call?.word) return;
      else if (description?.type === "answer") await this.#call.take(description);
      else if (candidates) await this.#call.add(candidates);
      if (description) this.around.changed();
    });
  }

  /** Every second or so: mends what is broken, and ends what goes on against the rules. */
  look(): void {
    const now = performance.now();
    this.#trespassedAt = this.#call?.isTrespassed ? this.#trespassedAt || now : 0;
    if (this.#trespassedAt > 0 && now - this.#trespassedAt > restartAfterMs) return this.#drop();
    if (this.#call?.isConnected) return void (this.#lostAt = this.#actedAt = 0);
    if (this.#lostAt === 0) this.around.lost();
    this.#lostAt ||= now;
    const hasActed = this.#actedAt >= this.#lostAt;
    const since = now - Math.max(this.#lostAt, this.#actedAt);
    if (!hasActed && this.#call?.isLost && since > restartAfterMs) this.restart();
    else if (since > anewAfterMs) this.anew();
    else return;
    this.#actedAt = now;
  }

  get isConnected(): boolean {
    return this.#call?.isConnected ?? false;
  }

  received(): Tracks {
    return this.#call?.received() ?? {};
  }

  level(): number {
    return this.#call?.level() ?? 0;
  }

  close(): void {
    this.#call?.close();
    this.#call = undefined;
  }

  /** Whoever goes on sending what they may not, and takes no other offer, is not listened to at all. */
  #drop(): void {
    this.#trespassedAt = 0;
    this.close();
    this.around.changed();
    this.anew();
  }

  #inTurn(work: () => Promise<unknown>): void {
    // What fails is found again by `look`, which tries another way.
    this.#last = this.#last.then(work).catch(() => {});
  }

  #open(word: string): Call {
    this.close();
    return (this.#call = new Call(word, this.around));
  }

  #callOf(word: string): Call {
    return this.#call?.word === word ? this.#call : this.#open(word);
  }

  async #offerOrAsk(options: RTCOfferOptions): Promise<void> {
    if (this.isCaller) return this.#call?.offer(options);
    this.around.say({ call: this.#call?.word ?? noCall, ask: this.#call ? "again" : "anew" });
  }

  #asked(ask: "again" | "anew", call: string): void {
    if (ask === "again" && call === this.#call?.word) this.restart();
    else if (performance.now() - this.#begunAt > justBegunMs) this.anew();
  }
}
