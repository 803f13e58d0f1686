import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import type { Peer } from "./bigbluebutton/index.js";
import { digest } from "./bigbluebutton/signature.js";

const minute = 60_000;

interface Came {
  method: string;
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/** Somebody whom the server calls; answers as told. */
export async function receiver(answer: () => number = () => 200): Promise<{ url: string; came: Came[] }> {
  const came: Came[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    came.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
    response.writeHead(answer()).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, came };
}

/** A meeting that was recorded from its first visitor on, and has ended. */
export async function recorded(peer: Peer, given: Record<string, string> = {}, meetingID = "r1"): Promise<string> {
  const room = { name: "Room", meetingID, record: "true", autoStartRecording: "true", ...given };
  expect((await peer.ask("create", room)).text).toContain("SUCCESS");
  const query = new URLSearchParams({ fullName: "A", meetingID, role: "MODERATOR", userID: "p1" }).toString();
  const visit = await peer.enter(
    `${peer.url}api/join?${query}&checksum=${digest("sha1", `join${query}${peer.secret}`)}`,
  );
  expect(visit.inside).toBe(true);
  await peer.advance(5 * minute);
  await peer.ask("end", { meetingID });
  await peer.advance(2_000);
  return peer.meeting(meetingID)?.internalMeetingID ?? "";
}
