import type { Agenda } from "./agenda.js";
import { eventOfRecording, eventOfRoom, type HookEvent } from "./events.js";
import type { HooksVersion, Settings } from "./flavours.js";
import type { Meeting } from "./meeting.js";
import type { Meetings } from "./meetings.js";
import type { Message, Outbox } from "./outbox.js";
import type { Recordings } from "./recordings.js";
import { digest, type Algorithm } from "./signature.js";

export interface Hook {
  hookID: string;
  callbackURL: string;
  meetingID?: string;
  eventIDs?: string[];
  rawData: boolean;
}

interface Delivery {
  domain: string;
  /** JSON of an array of one event. */
  event: string;
  timestamp: number;
}

const DOMAIN = "bbb.example.com";

export const bodyOf = ({ domain, event, timestamp }: Delivery): string =>
  new URLSearchParams({ domain, event, timestamp: String(timestamp) }).toString();

/** What a delivery's checksum is made of; that of 3.0 to 3.3 holds nothing of the delivery, by a fault of theirs. */
const signedText: Record<HooksVersion, (delivery: Delivery) => string> = {
  "2.6": ({ event, timestamp, domain }) => JSON.stringify({ event, timestamp, domain }),
  "3.0": () => "{}",
  "3.4": bodyOf,
};

export const deliveryChecksum = (
  version: HooksVersion,
  algorithm: Algorithm,
  callbackURL: string,
  delivery: Delivery,
  secret: string,
): string => digest(algorithm, callbackURL + signedText[version](delivery) + secret);

export class Webhooks {
  readonly #hooks: Hook[] = [];
  readonly #unmapped = new WeakSet<Meeting>();
  #numbers = 0;
  /** False: what happens now is never told, and the calls of `hooks/` are not answered. */
  running = true;

  constructor(
    private readonly settings: Settings,
    private readonly agenda: Agenda,
    private readonly outbox: Outbox,
    sources: { meetings: Meetings; recordings: Recordings },
  ) {
    if (settings.hooks === "none") return;
    sources.meetings.listen((event) => {
      if (!this.running && event.id === "meeting-created") this.#unmapped.add(event.meeting);
      const isMapped = !this.#unmapped.has(event.meeting);
      this.tell(eventOfRoom(event, isMapped, agenda.now()), event.meeting.meetingID);
    });
    sources.recordings.listen((id, recording) => {
      this.tell(eventOfRecording(id, recording, agenda.now()), recording.meetingID);
    });
  }

  list(): readonly Hook[] {
    return this.#hooks;
  }

  add(wanted: Omit<Hook, "hookID">): Hook {
    this.#numbers += 1;
    const hook = { ...wanted, hookID: this.settings.hooks === "2.6" ? String(this.#numbers) : crypto.randomUUID() };
    this.#hooks.push(hook);
    return hook;
  }

  remove(hookID: string): boolean {
    const at = this.#hooks.findIndex((hook) => hook.hookID === hookID);
    if (at >= 0) this.#hooks.splice(at, 1);
    return at >= 0;
  }

  tell(event: HookEvent, meetingID: string): void {
    if (!this.running) return;
    for (const hook of this.#hooks) {
      // Versions 3.0 to 3.3 tell a meeting's hook of every meeting.
      const isWanted = hook.meetingID === undefined || hook.meetingID === meetingID || this.settings.hooks === "3.0";
      const isListed = hook.eventIDs === undefined || hook.eventIDs.includes(event.data.id);
      if (isWanted && isListed) this.outbox.post(this.message(hook.callbackURL, event, hook));
    }
  }

  /** With a hook, it is tried again until it is taken, and the hook deleted where it never is. */
  message(callbackURL: string, event: HookEvent, hook?: Hook): Message {
    const { hooks, hookChecksum, secret } = this.settings;
    const delivery = { domain: DOMAIN, event: JSON.stringify([event]), timestamp: this.agenda.now() };
    const bearer = hookChecksum === "bearer";
    const sign = () =>
      hooks === "none" || bearer ? "" : deliveryChecksum(hooks, hookChecksum, callbackURL, delivery, secret);
    const message: Message = {
      kind: "webhook",
      about: event.data.id,
      url: bearer ? callbackURL : `${callbackURL}${callbackURL.includes("?") ? "&" : "?"}checksum=${sign()}`,
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        ...(bearer && { authorization: `Bearer ${secret}` }),
      },
      body: bodyOf(delivery),
    };
    return hook ? this.#tried(message, hook, 0) : message;
  }

  #tried(message: Message, hook: Hook, failures: number): Message {
    const answered = (status: number | undefined) => {
      if (status !== undefined && ((status >= 200 && status < 300) || status === 401)) return;
      if (!this.#hooks.includes(hook)) return;
      const wait = this.settings.times.hookRetries[failures];
      if (wait === undefined) this.remove(hook.hookID);
      else this.agenda.in(wait, () => this.outbox.post(this.#tried(message, hook, failures + 1)));
    };
    return { ...message, answered };
  }
}
