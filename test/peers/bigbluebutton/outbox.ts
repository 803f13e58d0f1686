import type { Agenda } from "./agenda.js";

export interface Message {
  kind: "webhook" | "end" | "recording-ready" | "analytics";
  /** What it is about: an event's id, or the meeting's. */
  about: string;
  url: string;
  method: "GET" | "POST";
  headers: Record<string, string>;
  body?: string;
  /** undefined: there was no answer. */
  answered?: (status: number | undefined) => void;
}

export type Sent = Omit<Message, "answered"> & { status: number | undefined };

export interface Firing {
  /** How often each is sent. */
  times?: number;
  order?: "as they came" | "reversed";
}

/** All that the server sends by itself. */
export class Outbox {
  readonly sent: Sent[] = [];
  #held: Message[] | undefined;
  #lost = false;

  constructor(
    private readonly agenda: Agenda,
    private readonly timeout: number,
  ) {}

  post(message: Message): void {
    if (this.#lost) return;
    if (this.#held) this.#held.push(message);
    else this.agenda.begin(this.send(message));
  }

  hold(): void {
    this.#held ??= [];
  }

  lose(): void {
    this.#lost = true;
  }

  /** Sends what was held, one after the other, and holds nothing from now on. */
  async fire({ times = 1, order = "as they came" }: Firing): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of order === "reversed" ? held.toReversed() : held) {
      for (let time = 0; time < times; time += 1) await this.send(message);
    }
    await this.agenda.idle();
  }

  async send({ answered, ...message }: Message): Promise<number | undefined> {
    const { url, method, headers, body = null } = message;
    const status = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(this.timeout) }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => undefined,
    );
    this.sent.push({ ...message, status });
    answered?.(status);
    return status;
  }
}
