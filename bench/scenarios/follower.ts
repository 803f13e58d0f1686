import { WebSocket } from "ws";

const query = "subscription { sessionStarted { session { id } } }";

/** A partner's program that follows what happens, with several subscriptions on one socket. */
export class Follower {
  /** Subscriptions that the server did not take. */
  refused = 0;
  readonly #socket: WebSocket;
  /** @throws Error when the door does not let it in */
  readonly follows: Promise<void>;

  /** @param heard is called for each event that comes by a subscription */
  constructor(url: string, license: string, subscriptions: number, heard: () => void) {
    this.#socket = new WebSocket(`${url.replace(/^http/, "ws")}/graphql`, "graphql-transport-ws");
    this.follows = new Promise((resolve, reject) => {
      this.#socket.once("open", () => this.#say({ type: "connection_init", payload: { license } }));
      this.#socket.once("error", reject);
      this.#socket.once("close", (code, reason) => reject(new Error(`closed with ${code} ${reason.toString()}`)));
      this.#socket.on("message", (data) => {
        // Looked at as it is: reading thousands of frames would take the time that is to be measured.
        const text = (data as Buffer).toString();
        if (text.includes('"type":"next"')) heard();
        else if (text.includes('"type":"error"')) this.refused += 1;
        else if (text.includes('"type":"pong"')) resolve();
        else if (text.includes('"type":"connection_ack"')) this.#subscribe(subscriptions);
      });
    });
  }

  #say(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** What is answered after them, tells that they were read. */
  #subscribe(subscriptions: number): void {
    for (let id = 0; id < subscriptions; id += 1) {
      this.#say({ id: String(id), type: "subscribe", payload: { query } });
    }
    this.#say({ type: "ping" });
  }

  close(): void {
    this.#socket.close(1000);
  }
}
