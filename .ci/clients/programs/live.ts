// graphql-ws and graphql-sse as they come: a subscription, and a query over the same line.
import assert from "node:assert/strict";
import { print } from "graphql";
import { request } from "graphql-request";
import { createClient as streamClient } from "graphql-sse";
import { type Client as SocketClient, createClient as socketClient } from "graphql-ws";
import { WebSocket } from "ws";
import {
  CreateMeetingDocument,
  MeetingStartedDocument,
  type MeetingStartedSubscription,
  StartMeetingDocument,
} from "../generated/operations.js";
import { headers, url } from "./server.js";

type Subscribing = Pick<SocketClient, "subscribe">;

function firstEvent(client: Subscribing, meetingId: string, begun: () => void): Promise<MeetingStartedSubscription> {
  return new Promise((resolve, reject) => {
    client.subscribe<MeetingStartedSubscription>(
      { query: print(MeetingStartedDocument), variables: { meetingId } },
      {
        next: ({ data, errors }) => (data ? resolve(data) : reject(new Error(JSON.stringify(errors)))),
        error: (reason) => reject(new Error(String(reason))),
        complete: () => {},
      },
    );
    // The server has no word for "I listen now"; a program would resume with `after` what it missed.
    setTimeout(begun, 500);
  });
}

async function hears(client: Subscribing): Promise<void> {
  const { createMeeting } = await request(url, CreateMeetingDocument, { input: { title: "Live" } }, headers);
  assert.ok(createMeeting?.__typename === "CreateMeetingSuccess");
  const meetingId = createMeeting.meeting.id;
  const input = { meetingId, moderatorName: "Ahmad" };
  const event = await firstEvent(client, meetingId, () => void request(url, StartMeetingDocument, { input }, headers));
  assert.equal(event.sessionStarted?.session.status, "RUNNING");
}

const socket = socketClient({ url: url.replace(/^http/, "ws"), connectionParams: { license: headers.license }, webSocketImpl: WebSocket });
await hears(socket);
await socket.dispose();
const stream = streamClient({ url: `${url}/stream`, headers });
await hears(stream as unknown as Subscribing);
stream.dispose();
