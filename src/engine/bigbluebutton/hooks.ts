import type { EngineSetting } from "../engine.js";
import type { Answer } from "./answer.js";
import { Client } from "./client.js";
import { NoAnswer } from "./errors.js";

/** Registering again is harmless, and a server forgets a hook that could not be reached for five minutes. */
const REGISTER_EVERY_MS = 5 * 60_000;
/** Where a server has no such module: somebody may install it. */
const LOOK_AGAIN_EVERY_MS = 60 * 60_000;

/** What is told besides would only be read and thrown away. */
const events = [
  "meeting-created",
  "meeting-ended",
  "user-joined",
  "user-left",
  "meeting-recording-started",
  "meeting-recording-stopped",
  "rap-archive-ended",
  "rap-publish-ended",
  "rap-published",
  "rap-unpublished",
  "rap-deleted",
];

/**
 * The one hook of a server, for all its rooms: hooks of single rooms were broken for a year. Registered while rooms run
 * there, so a gateway at rest asks for nothing.
 */
export class Hook {
  #nextAt = Number.NEGATIVE_INFINITY;
  #wasFound = true;

  constructor(
    readonly client: Client,
    readonly setting: Pick<EngineSetting, "callbackUrl" | "clock" | "log" | "name" | "timings">,
  ) {}

  /** Begins to register where it is time, and waits for nothing. */
  keep(): void {
    const now = this.setting.clock.monotonic();
    if (now < this.#nextAt) return;
    this.#nextAt = now + REGISTER_EVERY_MS;
    this.#register().catch((err: unknown) => this.#failed(err, now));
  }

  async #register(): Promise<void> {
    const answer = await this.#create(this.client);
    const { isSuccess, key } = answer.key === "checksumError" ? await this.#createAsOldOnesSign() : answer;
    if (!isSuccess) this.#warn({ key }, "an engine's server refuses to tell who comes and goes: it is asked instead");
    this.#wasFound = true;
  }

  #create(client: Pick<Client, "ask">): Promise<Answer> {
    return client.ask("hooks/create", [
      ["callbackURL", this.setting.callbackUrl("webhooks")],
      ["eventID", events.join(",")],
      ["getRaw", "false"],
    ]);
  }

  /** bbb-webhooks 2 knows sha1 alone, whatever the server beside it takes. */
  async #createAsOldOnesSign(): Promise<Answer> {
    const client = new Client({ ...this.client.access, checksum: "sha1" }, this.setting);
    try {
      return await this.#create(client);
    } finally {
      client.close();
    }
  }

  #failed(err: unknown, now: number): void {
    const isMissing = err instanceof NoAnswer && err.status === 404;
    if (isMissing) this.#nextAt = now + LOOK_AGAIN_EVERY_MS;
    if (!isMissing) this.#warn({ err }, "an engine could not be told where comings and goings are heard");
    else if (this.#wasFound) this.#warn({}, "an engine's server has no webhooks: it is asked who comes and goes");
    this.#wasFound = !isMissing;
  }

  #warn(facts: object, message: string): void {
    this.setting.log.warn({ engine: this.setting.name, ...facts }, message);
  }
}
