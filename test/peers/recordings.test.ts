import { jwtVerify } from "jose";
import { expect, test } from "vitest";
import { signedToken } from "./bigbluebutton/callbacks.js";
import { bigbluebutton, type Peer, type PeerOptions } from "./bigbluebutton/index.js";
import { receiver, recorded } from "./told.js";

const minute = 60_000;

const all = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, value = ""]) => value);

async function statesOf(peer: Peer, given: Record<string, string> = {}): Promise<string[]> {
  return all((await peer.ask("getRecordings", given)).text, "state");
}

test("a recording is processed, published, unpublished and deleted, and told of by who asks for its state", async () => {
  const peer = await bigbluebutton();
  const recordID = await recorded(peer, { "meta_gw-session-id": "s1" });
  expect((await peer.ask("getRecordings", { meetingID: "r1" })).text).toContain(
    "<messageKey>noRecordings</messageKey>",
  );
  expect(await statesOf(peer, { state: "any" })).toEqual(["processing"]);
  await peer.advance(10 * minute);
  expect(await statesOf(peer, { state: "processing,processed" })).toEqual(["processed"]);
  await peer.advance(2 * minute);
  const { text } = await peer.ask("getRecordings", { meetingID: "r1" });
  expect(text).toMatch(
    /<recordings><recording><recordID>[^]*<state>published<\/state>[^]*<participants>1<[^]*<gw-session-id>s1<[^]*<playback><format><type>presentation<\/type><url>/,
  );
  expect(all(text, "length")).toEqual(["5"]);
  const [address = ""] = all(text, "url");
  expect((await fetch(address)).status).toBe(200);
  const change = async (call: string, given: object) => (await peer.ask(call, { recordID, ...given })).text;
  expect(await change("publishRecordings", { publish: "false" })).toContain("<published>false</published>");
  expect([await statesOf(peer), (await fetch(address)).status]).toEqual([["unpublished"], 404]);
  expect(await change("updateRecordings", { meta_title: "x" })).toContain("<updated>true</updated>");
  expect(peer.recording("r1")?.metadata).toEqual({ "gw-session-id": "s1", title: "x" });
  expect(await change("deleteRecordings", {})).toContain("<deleted>true</deleted>");
  expect([await statesOf(peer), await statesOf(peer, { state: "deleted" })]).toEqual([[], ["deleted"]]);
  expect(await change("deleteRecordings", {})).toContain("notFound");
  expect((await peer.ask("deleteRecordings")).text).toContain("missingParamRecordID");
});

test("recordings are found by meetings, by how their ids begin, by metadata and in pages", async () => {
  const peer = await bigbluebutton();
  const ids = [];
  for (const room of ["r1", "r2", "r3"]) {
    ids.push(await recorded(peer, { meta_kind: room === "r2" ? "b" : "a" }, room));
    await peer.finishRecording(room, { formats: ["presentation", "video"] });
  }
  const found = async (given: Record<string, string>) =>
    all((await peer.ask("getRecordings", given)).text, "meetingID");
  expect(await found({ meetingID: "r1,r3" })).toEqual(["r1", "r3"]);
  expect(await found({ recordID: (ids[1] ?? "").slice(0, 20), meetingID: "r1" })).toEqual(["r2"]);
  expect(await found({ meta_kind: "a" })).toEqual(["r1", "r3"]);
  expect(await found({ offset: "1", limit: "1" })).toEqual(["r2"]);
  for (const wrong of [{ limit: "0" }, { limit: "101" }, { offset: "-1" }]) {
    expect((await peer.ask("getRecordings", wrong)).text).toContain("validationError");
  }
  const shy = await bigbluebutton({ listsAllRecordings: false });
  expect((await shy.ask("getRecordings")).text).toContain("missingParameters");
});

test("a meeting that nobody recorded leaves no recording", async () => {
  const peer = await bigbluebutton();
  await recorded(peer, { autoStartRecording: "false" });
  expect(await statesOf(peer, { state: "any" })).toEqual([]);
});

test("scalelite's addresses work once, plugnmeet's for half an hour, and both hide what is not published", async () => {
  const balanced = await bigbluebutton({ flavour: "scalelite" });
  await recorded(balanced);
  expect(await statesOf(balanced, { state: "any" })).toEqual([]);
  await balanced.finishRecording("r1");
  const addressOf = async (peer: Peer) => all((await peer.ask("getRecordings")).text, "url")[0] ?? "";
  const address = await addressOf(balanced);
  expect([(await fetch(address)).status, (await fetch(address)).status]).toEqual([200, 403]);
  expect((await fetch(await addressOf(balanced))).status).toBe(200);

  const plug = await bigbluebutton({ flavour: "plugnmeet" });
  await recorded(plug);
  await plug.finishRecording("r1");
  const download = await addressOf(plug);
  expect((await fetch(download)).status).toBe(200);
  await plug.advance(30 * minute);
  expect((await fetch(download)).status).toBe(403);
});

const addressesAt = (url: string) => ({
  meetingEndedURL: `${url}/end?x=1`,
  meta_endCallbackUrl: `${url}/old-end`,
  "meta_bbb-recording-ready-url": `${url}/ready`,
  "meta_analytics-callback-url": `${url}/analytics`,
});

test("who asked for it is told of the end, of a recording that is ready, and who was there from when to when", async () => {
  const { url, came } = await receiver();
  const peer = await bigbluebutton();
  const recordID = await recorded(peer, addressesAt(url));
  expect(came.map(({ method, path }) => [method, path])).toEqual([
    ["GET", "/end?x=1&meetingID=r1&recordingmarks=true"],
    ["GET", "/old-end?meetingID=r1&recordingmarks=true"],
  ]);
  await peer.advance(2 * minute);
  const analytics = came.at(-1);
  const key = new TextEncoder().encode(peer.secret);
  const bearer = String(analytics?.headers["authorization"]).replace("Bearer ", "");
  expect((await jwtVerify(bearer, key, { algorithms: ["HS512"] })).payload.exp).toBeGreaterThan(
    Date.now() / 1_000 + 86_000,
  );
  const { data, ...rest } = JSON.parse(analytics?.body ?? "");
  expect(rest).toEqual({ version: "1.0", meeting_id: "r1", internal_meeting_id: recordID });
  expect(data.attendees).toEqual([
    {
      ext_user_id: "p1",
      name: "A",
      moderator: true,
      joins: [expect.stringMatching(/^20.*\+00:00$/)],
      leaves: [expect.stringMatching(/^20/)],
      duration: 301,
    },
  ]);
  await peer.finishRecording("r1", { formats: ["presentation", "video"] });
  const ready = came.filter(({ path }) => path === "/ready");
  expect(ready).toHaveLength(2);
  const token = new URLSearchParams(ready[0]?.body).get("signed_parameters") ?? "";
  const { payload } = await jwtVerify(token, key, { algorithms: ["HS256"] });
  expect(payload).toEqual({ meeting_id: "r1", record_id: recordID });
});

test.each<[string, PeerOptions, object]>([
  ["plugnmeet calls nobody", { flavour: "plugnmeet" }, {}],
  ["analytics need the events kept", {}, { record: "false", meetingEndedURL: "", meta_endCallbackUrl: "" }],
])("%s", async (_what, options, given) => {
  const { url, came } = await receiver();
  const peer = await bigbluebutton(options);
  await recorded(peer, { ...addressesAt(url), ...given });
  await peer.advance(20 * minute);
  expect(came).toEqual([]);
});

test("the recording-ready token is the known one", () => {
  const payload = {
    meeting_id: "546b4f17-16dc-4d07-b155-a5994e0ce161",
    record_id: "8e3838a10f13e06cecbef7a464b86de74e66a5b8-1672672130203",
  };
  expect(signedToken(payload, "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3", "HS256")).toBe(
    "eyJhbGciOiJIUzI1NiJ9.eyJtZWV0aW5nX2lkIjoiNTQ2YjRmMTctMTZkYy00ZDA3LWIxNTUtYTU5OTRlMGNlMTYxIiwicmVjb3JkX2lkIjoiOGUzODM4YTEwZjEzZTA2Y2VjYmVmN2E0NjRiODZkZTc0ZTY2YTViOC0xNjcyNjcyMTMwMjAzIn0.vEVYqA0fEyl62zvrywHMHuUqO6yLwmT9QEjrnqkorzA",
  );
});
