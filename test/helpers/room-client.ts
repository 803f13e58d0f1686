import { WebSocket } from "ws";

// oxlint-disable-next-line typescript/no-explicit-any -- frames as they come
type Frame = any;

let count = 0;

/** Speaks the built-in room's protocol as a program would. */
export class RoomClient {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | undefined;
  #wake: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    count += 1;
    // Each from an address of its own, where the server believes a proxy's word.
    const from = { "x-forwarded-for": `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}` };
    this.socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/room`, { headers: { ...from, ...headers } });
    this.socket.on("message", (data) => {
      this.frames.push(JSON.parse((data as Buffer).toString("utf8")));
      this.#changed();
    });
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#changed();
    });
    this.socket.on("error", () => {});
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #until<T>(look: () => T | undefined, what: string): Promise<T> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}; came: ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        setTimeout(resolve, 200);
      });
    }
  }

  /** The first frame of this type, now or soon. */
  frame(type: string): Promise<Frame> {
    return this.#until(() => this.frames.find((frame) => frame.type === type), `a frame "${type}"`);
  }

  /** The first frame of which this is so, now or soon. */
  until(isIt: (frame: Frame) => boolean): Promise<Frame> {
    return this.#until(() => this.frames.find(isIt), `a frame of which is so: ${isIt.toString()}`);
  }

  closing(): Promise<{ code: number; reason: string }> {
    return this.#until(() => this.closed, "the close");
  }

  /** The socket is open; nothing was said yet. */
  async ready(): Promise<void> {
    if (this.socket.readyState !== WebSocket.CONNECTING) return;
    await new Promise((resolve) => this.socket.once("open", resolve));
  }

  async say(frame: unknown): Promise<void> {
    await this.ready();
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Enters with a join link (its whole address). */
  async enter(joinUrl: string): Promise<Frame> {
    await this.say({ type: "enter", link: joinUrl.slice(joinUrl.indexOf("?") + 1) });
    return Promise.race([this.frame("entered"), this.frame("refused")]);
  }

  /** Cuts the line without a word. */
  cut(): void {
    this.socket.terminate();
  }
}
