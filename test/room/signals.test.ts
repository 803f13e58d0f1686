import { expect, test } from "vitest";
import { boot, type RoomClient } from "../helpers/boot.js";
import { joinMeeting } from "../helpers/meetings.js";
import { room } from "./in-media.js";

const section = (kind: string, mid: number, direction: string) =>
  [`m=${kind} 9 UDP/TLS/RTP/SAVPF 96`, "c=IN IP4 0.0.0.0", `a=mid:${mid}`, `a=${direction}`, "a=rtcp-mux"].join("\r\n");

/** A description as browsers write it, shortened, with these directions of microphone, camera and screen. */
const sdpOf = (mic: string, cam: string, screen: string) =>
  `${["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1 2"].join("\r\n")}\r\n${[
    section("audio", 0, mic),
    section("video", 1, cam),
    section("video", 2, screen),
  ].join("\r\n")}\r\n`;

const directionsIn = (sdp: string) =>
  [...sdp.matchAll(/^a=(sendrecv|sendonly|recvonly|inactive)\r$/gm)].map((m) => m[1]);

let calls = 0;

/** Sends an offer and gives the directions as they came, or the refusal. */
async function passed(from: { client: RoomClient; id: string }, to: { client: RoomClient; id: string }, sdp: string) {
  calls += 1;
  const call = `call-${calls}`;
  await from.client.say({ type: "signal", to: to.id, call, ref: call, description: { type: "offer", sdp } });
  return Promise.race([
    to.client
      .until((frame) => frame.call === call)
      .then((frame) => {
        expect(frame).toMatchObject({ type: "signal", from: from.id, description: { type: "offer" } });
        return directionsIn(frame.description.sdp);
      }),
    from.client.until(({ type, ref }) => type === "refused" && ref === call).then(({ code }) => code as string),
  ]);
}

const all = sdpOf("sendrecv", "sendrecv", "sendrecv");

test("what two browsers say to each other passes between those who take part in the same room, and nobody else", async () => {
  const gateway = await boot();
  const { meetingId, moderator, john, jane } = await room(gateway);
  const candidate = { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0", sdpMLineIndex: 0 };
  await john.client.say({ type: "signal", to: jane.id, call: "c", candidates: [{ ...candidate, odd: 1 }] });
  expect(await jane.client.frame("signal")).toEqual({
    type: "signal",
    from: john.id,
    call: "c",
    candidates: [{ ...candidate, usernameFragment: null }],
  });
  await jane.client.say({ type: "signal", to: john.id, call: "c", ask: "again" });
  expect(await john.client.frame("signal")).toEqual({ type: "signal", from: jane.id, call: "c", ask: "again" });
  expect(moderator.client.frames.some(({ type }) => type === "signal")).toBe(false);

  const idle = gateway.socket();
  const { person } = await idle.enter(await joinMeeting(gateway, meetingId, "Idle"));
  const other = await room(gateway);
  for (const to of [person.id, other.john.id, john.id, "nobody"]) {
    await john.client.say({ type: "signal", to, call: "c", ask: "anew", ref: `to ${to}` });
    expect(await john.client.until(({ ref }) => ref === `to ${to}`)).toMatchObject({ code: "NOT_HERE", re: "signal" });
  }
  await idle.say({ type: "signal", to: john.id, call: "c", ask: "anew" });
  expect(await idle.frame("refused")).toMatchObject({ code: "NOT_HERE", re: "signal" });
});

test("a description passes with the directions that the roles and switches allow, whatever its sender wrote", async () => {
  const gateway = await boot();
  const { moderator, john, jane } = await room(gateway);
  expect(await passed(moderator, john, all)).toEqual(["sendrecv", "sendrecv", "sendonly"]);
  expect(await passed(john, moderator, all)).toEqual(["sendrecv", "sendrecv", "recvonly"]);
  expect(await passed(john, jane, all)).toEqual(["sendrecv", "sendrecv", "inactive"]);
  expect(await passed(john, jane, sdpOf("recvonly", "sendonly", "inactive"))).toEqual([
    "recvonly",
    "sendonly",
    "inactive",
  ]);

  const lock = async (settings: Record<string, boolean>) => {
    await moderator.client.say({ type: "settings", settings });
    const [name, value] = Object.entries(settings)[0] ?? [];
    await moderator.client.until(({ type, settings: now }) => type === "settings" && now[name ?? ""] === value);
  };
  await lock({ webcamOnlyForModerators: true });
  expect(await passed(john, jane, all)).toEqual(["sendrecv", "inactive", "inactive"]);
  expect(await passed(john, moderator, all)).toEqual(["sendrecv", "sendrecv", "recvonly"]);
  await lock({ lockSettingsDisableCam: true });
  expect(await passed(john, moderator, all)).toEqual(["sendrecv", "recvonly", "recvonly"]);
  await lock({ lockSettingsDisableMic: true });
  expect(await passed(john, moderator, all)).toEqual(["recvonly", "recvonly", "recvonly"]);
  expect(await passed(moderator, john, all)).toEqual(["sendonly", "sendonly", "sendonly"]);
  expect(await passed(john, jane, all)).toEqual(["inactive", "inactive", "inactive"]);
});

test("a description that is tampered with passes to nobody: other parts, no direction, several, or one that is spelt oddly", async () => {
  const gateway = await boot();
  const { moderator, john } = await room(gateway);
  const tampered = [
    "",
    "v=0\r\ns=-\r\n",
    all + section("video", 3, "sendrecv"),
    `${all}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:3\r\n`,
    all.replace("m=video", "m=audio"),
    all.replace("m=audio", " m=audio"),
    all.replace("m=audio", "M=audio"),
    all.replace("a=sendrecv\r\n", ""),
    all.replace("a=sendrecv", "a=sendrecv\r\na=sendrecv"),
    all.replace("a=sendrecv", "a=inactive\ra=sendrecv"),
    all.replace("a=sendrecv", "a=sendrecv \r\na=inactive"),
    all.replace("a=sendrecv", "a=sendrecv:1"),
    all.replace("a=sendrecv", "a= sendrecv"),
    all.replace("a=sendrecv", " a=sendrecv"),
    all.replace("a=sendrecv", "A=SendRecv"),
    all.replace("t=0 0", "t=0 0\r\na=sendrecv"),
  ];
  for (const sdp of tampered) expect([sdp, await passed(john, moderator, sdp)]).toEqual([sdp, "BAD_SDP"]);

  const refused = async (frame: object) => {
    calls += 1;
    await john.client.say({ type: "signal", to: moderator.id, call: "c", ref: `r${calls}`, ...frame });
    return john.client.until(({ ref }) => ref === `r${calls}`);
  };
  const candidates = [{ candidate: "x".repeat(1_001) }];
  for (const frame of [
    {},
    { description: { type: "offer", sdp: all }, ask: "anew" },
    { description: { type: "rollback", sdp: all } },
    { description: { type: "offer", sdp: "x".repeat(60_001) } },
    { candidates },
    { candidates: [] },
    { candidates: Array.from({ length: 41 }, () => ({ candidate: "" })) },
    { ask: "please" },
  ])
    expect([frame, await refused(frame)]).toMatchObject([frame, { code: "INVALID" }]);
  expect(moderator.client.frames.some(({ type }) => type === "signal")).toBe(false);
});

test("a signal may have 64 KiB and any other frame 16; what is too much of one person is not passed on", async () => {
  const gateway = await boot();
  const { moderator, john, jane } = await room(gateway);
  const long = all.replace("t=0 0", `t=0 0\r\na=x:${"x".repeat(50_000)}`);
  expect(await passed(john, moderator, long)).toHaveLength(3);
  for (let nth = 0; nth < 120; nth++) {
    await john.client.say({ type: "signal", to: moderator.id, call: "c", description: { type: "offer", sdp: all } });
  }
  expect(await john.client.until(({ code }) => code === "TOO_FAST")).toMatchObject({ re: "signal" });
  expect(await passed(jane, moderator, all)).toHaveLength(3);
  await jane.client.say({ type: "hand", up: true, more: "x".repeat(17_000) });
  expect((await jane.client.closing()).code).toBe(4400);
});
