import { readdirSync, readFileSync } from "node:fs";
import type { Gateway, RoomClient, V1Call } from "./boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting, tenSettings } from "./meetings.js";

const folder = new URL("./recorded/", import.meta.url);

/**
 * What Chromium's MediaRecorder gave in 4.3 seconds of a counting picture and a tone, a piece a second, as the room's page has
 * it: VP8 and Opus.
 */
export const recordedPieces: readonly Buffer[] = readdirSync(folder)
  .toSorted()
  .map((name) => readFileSync(new URL(name, folder)));
export const RECORDED_SECONDS = 4.3;

export interface Ticket {
  part: string;
  token: string;
  next: number;
  address: string;
  maxBytes: number;
}

export interface Put {
  isLast?: boolean;
  token?: string;
  headers?: Record<string, string>;
}

/** Sends one piece as a page does. */
export async function putPiece(
  base: string,
  { address, token: own }: Pick<Ticket, "address" | "token">,
  number: number | string,
  bytes: Buffer,
  { isLast = false, token = own, headers = {} }: Put = {},
) {
  const response = await fetch(new URL(`${address}${number}`, `${base}/api/join`), {
    method: "PUT",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "video/webm",
      ...(isLast && { "recording-last": "true" }),
      ...headers,
    },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, body: (await response.json()) as { next?: number; code?: string } };
}

/** All pieces, the last one as the last. */
export async function putAll(base: string, ticket: Ticket, pieces = recordedPieces): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    const { status } = await putPiece(base, ticket, index, piece, { isLast: index === pieces.length - 1 });
    if (status !== 200) throw new Error(`piece ${index}: ${status}`);
  }
}

/** The ten settings with these on. */
export const settingsWith = (...on: string[]) =>
  tenSettings().map((each) => (on.includes(each.setting) ? { ...each, value: true } : each));

export const RECORDED = ["record", "allow_start_stop_recording"];

/** A running session with a moderator and a viewer, both with links. */
export async function recordable(gateway: Gateway, on: readonly string[] = RECORDED, call: V1Call = {}) {
  const meetingId = await createMeeting(gateway, { meeting_setting: settingsWith(...on), title: "Class" }, call);
  const link = await startMeeting(gateway, meetingId, {}, call);
  const viewerLink = await joinMeeting(gateway, meetingId, "viewer", {}, call);
  return { meetingId, link, viewerLink, sessionId: sessionOf(link) };
}

/** Says that this one's page records, and gives what it sends with. */
export async function startRecording(client: RoomClient): Promise<Ticket> {
  const before = new Set(client.frames);
  await client.say({ type: "record", on: true });
  const isAnswer = ({ type, re }: { type: string; re?: string }) =>
    type === "record-ticket" || (type === "refused" && re === "record");
  return client.until((frame) => !before.has(frame) && isAnswer(frame));
}

/** A session that was recorded from its beginning to its end. @returns when it is over */
export async function recordedSession(gateway: Gateway, on: readonly string[] = RECORDED) {
  const session = await recordable(gateway, on);
  const client = gateway.socket();
  await client.enter(session.link);
  await putAll(gateway.url, await startRecording(client));
  await gateway.v1(`end_meeting?meeting_id=${session.meetingId}`);
  return session;
}

/** What `get_record` answers once there is an address. */
export async function playbackUrlOf(gateway: Gateway, sessionId: string): Promise<string> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { status, body } = await gateway.v1(`get_record?session_id=${sessionId}`);
    if (status === 200) return body.data[0]?.url ?? body.data.url ?? body.data;
    if (Date.now() > deadline) throw new Error(`no recording came: ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
