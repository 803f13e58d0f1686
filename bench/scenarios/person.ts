import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";

interface Frame {
  type: string;
  id?: string;
  ref?: string;
  person?: { id: string; name: string };
  people?: { id: string; name: string }[];
}

/** Who opens a join link, and stays. */
export class Person {
  /** By their ids, everyone that this one was told of. */
  readonly seen = new Map<string, string>();
  /** Ids of the messages that came, in their order. */
  readonly messages: string[] = [];
  /** How often one was told of the notes. */
  notes = 0;
  #open: () => void = () => {};
  /** The notes, once they were asked for. */
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));
  /** How long one's own messages took to come back, in milliseconds. */
  readonly waited: number[] = [];
  readonly #written = new Map<string, number>();
  readonly #socket: WebSocket;
  /** @throws Error when the room does not let this one in */
  readonly entered: Promise<void>;

  constructor(url: string, link: string) {
    this.#socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/room`);
    this.entered = new Promise((resolve, reject) => {
      this.#socket.once("open", () => this.say({ type: "enter", link: link.slice(link.indexOf("?") + 1) }));
      this.#socket.once("error", reject);
      this.#socket.once("close", (code) => reject(new Error(`the room closed with ${code}`)));
      this.#socket.on("message", (data) => {
        const text = (data as Buffer).toString();
        const frame = JSON.parse(text) as Frame;
        this.#hear(frame);
        if (frame.type === "entered") resolve();
        if (frame.type === "refused") reject(new Error(`not let in: ${text}`));
      });
    });
  }

  say(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  write(body: string): void {
    const ref = randomUUID();
    this.#written.set(ref, performance.now());
    this.say({ type: "chat", body, ref });
  }

  #hear(frame: Frame): void {
    const { type, person, people = [] } = frame;
    if (type === "notes-opened") this.#open();
    if (type === "notes") this.notes += 1;
    if (type === "chat") this.#hearMessage(frame);
    if (type !== "entered" && type !== "joined") return;
    for (const { id, name } of [...people, ...(person ? [person] : [])]) this.seen.set(id, name);
  }

  #hearMessage({ id, ref }: Frame): void {
    if (id !== undefined) this.messages.push(id);
    const at = ref === undefined ? undefined : this.#written.get(ref);
    if (at !== undefined) this.waited.push(performance.now() - at);
  }

  /** Leaves in good order. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.say({ type: "leave" });
    });
  }
}
