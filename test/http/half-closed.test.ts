import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, tenSettings } from "../helpers/meetings.js";
import { rawRequest, type RawRequest } from "../helpers/raw.js";
import { followed } from "../graphql/live/clients.js";
import { multiply } from "../v1/calls.js";

// A client may end its sending side right behind its request and wait for the answer (RFC 9112, 9.6): nc -N and some old
// libraries do.

/** All that comes on a line whose sending side is ended with this. */
async function endWith({ url }: Gateway, sent: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.end(sent);
  let received = "";
  socket.on("data", (data) => (received += data.toString("latin1")));
  await once(socket, "end");
  return received;
}

function askAndEnd(gateway: Gateway, path: string, asked: RawRequest = {}): Promise<string> {
  const headers = { license: gateway.key, "content-type": "application/json", ...asked.headers };
  return endWith(gateway, rawRequest(path, { ...asked, headers }));
}

const post = (body: object): RawRequest => ({ method: "POST", body: JSON.stringify(body) });

test("who ends its sending side with the request has the whole answer of each door, and then the line ends", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const meeting = { title: "Algebra", meeting_setting: tenSettings() };
  const query = encodeURIComponent("{ license { name } }");
  const asked: [path: string, request: RawRequest, tells: string][] = [
    // Read anew after the write before it, then from memory.
    ["/api/v1/list_meetings/", {}, id],
    ["/api/v1/list_meetings/", {}, id],
    ["/api/v1/create_meeting/", post(meeting), '"meeting_id"'],
    ["/api/v1/create_meeting/", post({}), '"status_code":400'],
    ["/graphql", post({ query: "{ meetings { nodes { title } } }" }), '"title":"Algebra"'],
    [
      "/graphql",
      post({ query: `mutation { endMeeting(input: { meetingId: "${id}" }) { __typename } }` }),
      "__typename",
    ],
    [`/graphql?query=${query}`, { headers: { "apollo-require-preflight": "1" } }, '"name"'],
    ["/health/ready", {}, '"status":"ok"'],
    ["/docs/limits.md", {}, "</html>"],
  ];
  for (const [path, request, tells] of asked) {
    expect([path, await askAndEnd(gateway, path, request)]).toEqual([path, expect.stringContaining(tells)]);
  }
});

test("so has who asks for a list that is written piece by piece, and who sends several requests behind one another", async () => {
  const gateway = await boot();
  await createMeeting(gateway, { welcome_text: "x".repeat(4_000) });
  multiply(gateway, "meetings", 2_500);
  const list = await askAndEnd(gateway, "/api/v1/list_meetings/");
  expect(list.match(/"meeting_id"/g)).toHaveLength(2_501);
  expect(list).toMatch(/\r\n0\r\n\r\n$/);

  const requests = ["/health/ready", "/api/v1/list_meetings/", "/health/live"];
  const sent = requests.map((path) => rawRequest(path, { headers: { license: gateway.key } }));
  const answers = (await endWith(gateway, sent.join(""))).split("HTTP/1.1 200 OK").slice(1);
  expect(answers.map((answer) => answer.length > 1_000_000)).toEqual([false, true, false]);
});

test("a stream of events ends when its reader does: nobody can tell whether it only stopped sending", async () => {
  const gateway = await boot();
  const query = "subscription { sessionStarted { id } }";
  const asked = { ...post({ query }), headers: { accept: "text/event-stream" } };
  await askAndEnd(gateway, "/graphql/stream", asked);
  await followed(gateway, 0);
});
