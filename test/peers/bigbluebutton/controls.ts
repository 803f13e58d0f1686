import { open, type Visit } from "./browser.js";
import type { HookEvent } from "./events.js";
import type { Meeting } from "./meeting.js";
import type { Firing, Message, Sent } from "./outbox.js";
import type { Finishing, Recording } from "./recordings.js";
import type { Hook } from "./webhooks.js";
import type { World } from "./world.js";

/** What happens at the server without anybody calling it. */
export interface Controls {
  /** A meeting that is here, also for a while after its end. */
  meeting(meetingID: string): Meeting | undefined;
  /** Opens a link as a browser does: one of the server's own, or one of the gateway's, whose button it presses. */
  enter(link: string): Promise<Visit>;
  /** The server has lost the room: nobody is told, and it knows nothing of it any more. */
  lose(meetingID: string): void;
  /** Somebody in the room presses record. */
  startRecording(meetingID: string): void;
  /** The newest one of this meeting. */
  recording(meetingID: string): Recording | undefined;
  /** The recording is ready and published now, whatever time it would still have taken; who is to be told has been. */
  finishRecording(meetingID: string, finishing?: Finishing): Promise<Recording>;
  /** What the server has sent by itself, with how it was answered, oldest first. */
  sent(kind?: Message["kind"]): Sent[];
  /** Webhooks and callbacks wait from now on, until they are fired, in another order and more than once if need be. */
  hold(): void;
  fireWebhooks(firing?: Firing): Promise<void>;
  /** From now on nothing that the server sends arrives. */
  loseMessages(): void;
  /** An event of the test's own, signed as all are. @returns how it was answered */
  sendWebhook(callbackURL: string, event: HookEvent): Promise<number | undefined>;
  /** Sends the very same once more, or what has become of it on the way. */
  sendAgain(sent: Sent, change?: Partial<Sent>): Promise<number | undefined>;
  hooks(): readonly Hook[];
  /** False: the webhooks' process is down, and tells nothing of what happens meanwhile. */
  runWebhooks(running: boolean): void;
  /** So many milliseconds go by at the server; what falls due is done, and waited for. */
  advance(ms: number): Promise<void>;
  /** When what the server has sent out has been answered. */
  idle(): Promise<void>;
}

export function controlsOf(world: World): Controls {
  const { agenda, meetings, outbox, recordings, webhooks } = world;

  const there = (meetingID: string): Meeting => {
    const meeting = meetings.get(meetingID);
    if (!meeting) throw new Error(`the peer has no meeting ${meetingID}`);
    return meeting;
  };
  const recording = (meetingID: string) => recordings.all().findLast((each) => each.meetingID === meetingID);

  return {
    meeting: (meetingID) => meetings.get(meetingID),
    enter: (link) => open(link, world),
    lose: (meetingID) => meetings.forget(there(meetingID)),
    startRecording: (meetingID) => meetings.startRecording(there(meetingID)),
    recording,
    async finishRecording(meetingID, finishing) {
      const made = recording(meetingID);
      if (!made) throw new Error(`meeting ${meetingID} was not recorded, or has not ended`);
      recordings.finish(made, finishing);
      await agenda.idle();
      return made;
    },
    sent: (kind) => outbox.sent.filter((each) => kind === undefined || each.kind === kind),
    hold: () => outbox.hold(),
    fireWebhooks: (firing = {}) => outbox.fire(firing),
    loseMessages: () => outbox.lose(),
    sendWebhook: (callbackURL, event) => outbox.send(webhooks.message(callbackURL, event)),
    sendAgain: (sent, change = {}) => outbox.send({ ...sent, ...change }),
    hooks: () => webhooks.list(),
    runWebhooks: (running) => void (webhooks.running = running),
    advance: (ms) => agenda.advance(ms),
    idle: () => agenda.idle(),
  };
}
