/**
 * A conference server that speaks BigBlueButton's dialect over real HTTP, for tests of what talks to such a server. What
 * it does, it does by the dialect's published description, and never by what our adapter expects.
 *
 *   const peer = await bigbluebutton({ times: { end: 20 } });
 *   const gateway = await boot({ env: peer.env });
 *   const visit = await peer.enter(joinUrl);      // presses the gateway's button, follows its redirect and the peer's
 *   expect(visit).toMatchObject({ inside: true });
 *   peer.fault("end", { silent: true });          // ends the room and never answers; until peer.mend("end")
 *   await peer.advance(5 * 60_000);               // five minutes go by at the server
 *   expect(peer.calls("create")).toHaveLength(1);
 *   await peer.finishRecording(sessionId);        // published, and the gateway has been told
 *   peer.hold(); …; await peer.fireWebhooks({ times: 2, order: "reversed" });
 *
 * - `flavour` is `bbb` (3.0, the default), `bbb-2.3`, `scalelite` or `plugnmeet`: each accepts other checksums, answers
 *   a refused join in another way, and has or has not hooks and callbacks.
 * - Time is the peer's own: it goes as the machine's does, and `advance` lets more go by. A room nobody enters ends
 *   after 5 minutes, an empty one after 1, an `end` takes 1 s, who has left is told of for 60 s more; `times` changes
 *   what is not a parameter of `create`.
 * - What the server sends by itself (webhooks to who registered by `hooks/create`; the callbacks that `create` named) is
 *   in `peer.sent()`, with how it was answered; `peer.idle()` waits for it, `peer.hold()` keeps it back.
 * - A meeting is recorded when `record` is on and someone `peer.startRecording(id)`s it, or `autoStartRecording` is on and
 *   someone enters. Its recording is processed 10 minutes after the end and published 2 later, or by `finishRecording`.
 * - It stops with the test that started it; one that several tests share is given `atEnd: afterAll`.
 */
import { onTestFinished } from "vitest";
import type { PeerOptions } from "./flavours.js";
import { type Peer, startPeer } from "./peer.js";

export type { Received } from "./door.js";
export type { Visit } from "./browser.js";
export type { Fault, Injecting } from "./faults.js";
export type { HookEvent } from "./events.js";
export type { Format, Recording, RecordingState } from "./recordings.js";
export type { Flavour, HooksVersion, PeerOptions } from "./flavours.js";
export type { Peer };

export interface BigBlueButtonOptions extends PeerOptions {
  /** What runs the clean-up; of the test that calls, when left out. */
  atEnd?: (stop: () => Promise<void>) => void;
}

export async function bigbluebutton({ atEnd = onTestFinished, ...options }: BigBlueButtonOptions = {}): Promise<Peer> {
  const peer = await startPeer(options);
  atEnd(() => peer.stop());
  return peer;
}
