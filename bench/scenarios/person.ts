import { WebSocket } from "ws";

interface Frame {
  type: string;
  person?: { id: string; name: string };
  people?: { id: string; name: string }[];
}

/** Who opens a join link, and stays. */
export class Person {
  /** By their ids, everyone that this one was told of. */
  readonly seen = new Map<string, string>();
  readonly #socket: WebSocket;
  /** @throws Error when the room does not let this one in */
  readonly entered: Promise<void>;

  constructor(url: string, link: string) {
    this.#socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/room`);
    this.entered = new Promise((resolve, reject) => {
      this.#socket.once("open", () => this.#say({ type: "enter", link: link.slice(link.indexOf("?") + 1) }));
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

  #say(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  #hear({ type, person, people = [] }: Frame): void {
    if (type !== "entered" && type !== "joined") return;
    for (const { id, name } of [...people, ...(person ? [person] : [])]) this.seen.set(id, name);
  }

  /** Leaves in good order. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#say({ type: "leave" });
    });
  }
}
