import { expect, test } from "vitest";
import { bigbluebutton, type Peer } from "./bigbluebutton/index.js";
import { digest } from "./bigbluebutton/signature.js";
import { bodyOf, deliveryChecksum } from "./bigbluebutton/webhooks.js";
import { receiver, recorded } from "./told.js";

const minute = 60_000;
const secret = "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3";
const callbackURL = "https://gw.example.com/bbb/hook/k1";
const body =
  "domain=bbb.example.com&event=%5B%7B%22data%22%3A%7B%22type%22%3A%22event%22%2C%22id%22%3A%22meeting-ended%22%2C%22attributes%22%3A%7B%22meeting%22%3A%7B%22internal-meeting-id%22%3A%2244ea85d9684005d3b0af3c49e8a271a683cedb79-1532718208098%22%2C%22external-meeting-id%22%3A%22random-3800337%22%7D%7D%2C%22event%22%3A%7B%22ts%22%3A1532718316938%7D%7D%7D%5D&timestamp=1532718316953";

test("a delivery's checksum is the known one, in each of the three ways", () => {
  const fields = new URLSearchParams(body);
  const delivery = {
    domain: fields.get("domain") ?? "",
    event: fields.get("event") ?? "",
    timestamp: Number(fields.get("timestamp")),
  };
  expect(bodyOf(delivery)).toBe(body);
  const made = (version: "2.6" | "3.0" | "3.4", algorithm: "sha1" | "sha256" = "sha1") =>
    deliveryChecksum(version, algorithm, callbackURL, delivery, secret);
  expect(made("3.4")).toBe("f48e35eaa04afad92fe2efb0989ec1fd2b9793a4");
  expect(made("3.4", "sha256")).toBe("2428ea46b9602fcee68e83eb36a48b12ab56a25caa1951fc3b0fd697c105aedc");
  expect(made("3.0")).toBe("997cbff9dd95e1e19f3bf668234ee373dc219b80");
  expect(made("2.6")).toBe("1a4eb5c88992bebaffbffe26cc5e96e85b10c5f3");
});

test("the known checksum of hooks/create is taken", async () => {
  const peer = await bigbluebutton({ secret });
  const query = "callbackURL=https%3A%2F%2Fgw.example.com%2Fbbb%2Fhook%2Fk1%3Ftoken%3Da+b%26x%3D1&getRaw=false";
  for (const checksum of [
    "ea1a7e1e6ec9a969c3ec67706ae8e4d615b2b60c",
    "71b7dc912b08c6139ee83be30d4865d7192aaec999014bb0b792e452b9d03d6a",
  ]) {
    const answer = await (await fetch(`${peer.url}api/hooks/create?${query}&checksum=${checksum}`)).text();
    expect(answer).toContain("SUCCESS");
  }
});

const register = async (peer: Peer, given: Record<string, string>) => (await peer.ask("hooks/create", given)).text;

test("a hook is registered once, listed and taken away; its id is a number in version 2", async () => {
  const peer = await bigbluebutton();
  const first = await register(peer, { callbackURL, eventID: "user-joined,user-left" });
  expect(first).toMatch(/<hookID>[\da-f-]{36}<\/hookID><permanentHook>false/);
  const again = await register(peer, { callbackURL, eventID: "meeting-ended" });
  expect(again).toContain("<messageKey>duplicateWarning</messageKey>");
  const { text } = await peer.ask("hooks/list");
  expect(text).toContain(
    `<callbackURL><![CDATA[${callbackURL}]]></callbackURL><eventID>user-joined,user-left</eventID>`,
  );
  const hookID = /<hookID>(.*?)</.exec(first)?.[1] ?? "";
  expect((await peer.ask("hooks/destroy", { hookID })).text).toContain("<removed>true</removed>");
  expect((await peer.ask("hooks/destroy", { hookID })).text).toContain("destroyMissingHook");
  expect((await peer.ask("hooks/destroy")).text).toContain("missingParamHookID");
  expect(await register(peer, {})).toContain("missingParamCallbackURL");
  expect((await fetch(`${peer.url}api/hooks/ping`)).status).toBe(200);
  const strange = await fetch(`${peer.url}api/hooks/list?checksum=abc`);
  expect([strange.status, await strange.text()]).toEqual([500, expect.stringContaining("<html>")]);

  const old = await bigbluebutton({ hooks: "2.6" });
  expect(await register(old, { callbackURL })).toContain("<hookID>1</hookID>");
  expect((await old.ask("hooks/list", "", "sha256")).text).toContain("checksumError");
});

test("where no webhooks are installed there is a page that says so, and a balancer says it in XML", async () => {
  const bare = await bigbluebutton({ hooks: "none" });
  expect(await bare.ask("hooks/list")).toMatchObject({ status: 404, text: expect.stringContaining("<html>") });
  const balanced = await bigbluebutton({ flavour: "scalelite" });
  expect((await balanced.ask("hooks/list")).text).toContain("unsupportedRequest");
  const plug = await bigbluebutton({ flavour: "plugnmeet" });
  expect((await plug.ask("hooks/list")).status).toBe(404);
});

const told = (came: { body: string }[]) =>
  came.map((each) => JSON.parse(new URLSearchParams(each.body).get("event") ?? "")[0].data);

test.each([
  ["3.4", true],
  ["2.6", false],
] as const)(
  "a hook hears of its meeting from beginning to recording; version %s tells of who was there at the end: %s",
  async (hooks, tellsLeft) => {
    const { url, came } = await receiver();
    const peer = await bigbluebutton({ hooks });
    await register(peer, { callbackURL: `${url}/hook?k=1` });
    await recorded(peer);
    await peer.finishRecording("r1");
    const ids = told(came).map(({ id }) => id);
    const all = `meeting-created user-joined meeting-recording-started meeting-ended rap-archive-ended rap-process-started
      rap-process-ended rap-publish-started rap-publish-ended rap-published${tellsLeft ? " user-left" : ""}`;
    expect(ids.toSorted()).toEqual(all.split(/\s+/).toSorted());
    const [{ path, body: sent } = { path: "", body: "" }] = came;
    const { domain, event, timestamp } = Object.fromEntries(new URLSearchParams(sent)) as Record<string, string>;
    const signed = hooks === "3.4" ? sent : JSON.stringify({ event, timestamp: Number(timestamp), domain });
    expect(path).toBe(`/hook?k=1&checksum=${digest("sha1", `${url}/hook?k=1${signed}${peer.secret}`)}`);
    expect(peer.sent("webhook").every(({ status }) => status === 200)).toBe(true);
  },
);

test("events can be held, and sent in another order and twice; those of a meeting's hook are its own but in 3.0", async () => {
  const { url, came } = await receiver();
  const peer = await bigbluebutton();
  await register(peer, { callbackURL: url, meetingID: "r1", eventID: "meeting-created,meeting-ended,user-left" });
  peer.hold();
  await recorded(peer);
  await peer.ask("create", { name: "Room", meetingID: "r2" });
  await peer.idle();
  expect(came).toEqual([]);
  await peer.fireWebhooks({ times: 2, order: "reversed" });
  const once = ["user-left", "meeting-ended", "meeting-created"];
  expect(told(came).map(({ id }) => id)).toEqual(once.flatMap((id) => [id, id]));
  const [first] = peer.sent();
  if (first) await peer.sendAgain(first, { body: "tampered=1" });
  expect(came.at(-1)?.body).toBe("tampered=1");

  const mixing = await bigbluebutton({ hooks: "3.0" });
  const other = await receiver();
  await register(mixing, { callbackURL: other.url, meetingID: "r1" });
  await mixing.ask("create", { name: "Room", meetingID: "r2" });
  await mixing.idle();
  expect(told(other.came)[0].attributes.meeting["external-meeting-id"]).toBe("r2");
});

test("a delivery that is not taken is tried again with the same time in it, and after twelve tries the hook is gone", async () => {
  let status = 500;
  const { url, came } = await receiver(() => status);
  const peer = await bigbluebutton();
  await register(peer, { callbackURL: url });
  await peer.ask("create", { name: "Room", meetingID: "r1" });
  await peer.advance(4 * minute);
  expect(peer.hooks()).toHaveLength(1);
  await peer.advance(minute);
  expect(peer.hooks()).toHaveLength(0);
  expect(came).toHaveLength(13);
  expect(new Set(came.map((each) => each.body)).size).toBe(1);

  status = 401;
  await register(peer, { callbackURL: url });
  await peer.ask("create", { name: "Room", meetingID: "r2" });
  await peer.advance(10 * minute);
  expect(peer.hooks()).toHaveLength(1);
});
test("a meeting that was created while the webhooks were down is known to them by its inner id alone", async () => {
  const { url, came } = await receiver();
  const peer = await bigbluebutton({ hookChecksum: "bearer" });
  await register(peer, { callbackURL: url });
  peer.runWebhooks(false);
  expect((await peer.ask("hooks/list")).status).toBe(502);
  await peer.ask("create", { name: "Room", meetingID: "r1" });
  peer.runWebhooks(true);
  await peer.ask("end", { meetingID: "r1" });
  await peer.advance(1_000);
  expect(told(came)).toMatchObject([{ id: "meeting-ended" }]);
  expect(Object.keys(told(came)[0].attributes.meeting)).toEqual(["internal-meeting-id"]);
  expect([came[0]?.path, came[0]?.headers["authorization"]]).toEqual(["/", `Bearer ${peer.secret}`]);
});
