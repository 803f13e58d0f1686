import { expect, test } from "vitest";
import { ask, mutate, newMeeting, start, switches } from "../../graphql/ask.js";
import { boot } from "../../helpers/boot.js";
import { following, MINUTE, record } from "../../helpers/recordings.js";
import { bigbluebutton, type BigBlueButtonOptions } from "../../peers/bigbluebutton/index.js";

/** A session of this server's that was recorded, and is over. */
async function recorded({ tells = true, ...options }: BigBlueButtonOptions & { tells?: boolean }) {
  const peer = await bigbluebutton({ times: { end: 20 }, ...options });
  if (!tells) peer.loseMessages();
  const gateway = await boot({ env: peer.env, timings: { sweep: 20, engineCall: 300 } });
  const meetingId = await newMeeting(gateway, {
    settings: switches(false, { record: true, autoStartRecording: true }),
  });
  const { joinUrl, sessionId } = await start(gateway, meetingId);
  expect(await peer.enter(joinUrl)).toMatchObject({ inside: true });
  await peer.advance(30 * MINUTE);
  await mutate(gateway, "endMeeting", { meetingId });
  await peer.advance(5_000);
  return { peer, gateway, meetingId, sessionId, ...(await following(gateway)) };
}

type Recorded = Awaited<ReturnType<typeof recorded>>;

/** Whatever the gateway was told, it looks by itself when it is time. */
async function looked({ gateway, next }: Recorded, ms: number) {
  gateway.clock.forward(ms);
  return next();
}

const formats = ["podcast", "video", "presentation"];

test("what a BigBlueButton recorded is found without a word from it: being produced, published, hidden and deleted there too", async () => {
  const all = await recorded({ tells: false });
  const { peer, gateway, sessionId, next } = all;
  const { change, recording } = await looked(all, MINUTE + 1);
  expect([change, recording]).toMatchObject(["PROCESSING", { status: "PROCESSING", playbackUrl: null }]);
  expect((await record(gateway, sessionId)).status).toBe(404);

  const made = await peer.finishRecording(sessionId, { formats, size: 3_000_000_000 });
  expect(await looked(all, 5 * MINUTE)).toMatchObject({ change: "PUBLISHED" });
  const url = (path: string) => `${new URL(peer.env["BBB_URL"] ?? "").origin}${path}`;
  const page = url(`/playback/presentation/2.3/${made.recordID}`);
  expect((await record(gateway, sessionId)).body.data).toBe(page);
  expect((await fetch(page)).status).toBe(200);
  const query = `{ recordings { nodes {
    durationSeconds sizeBytes startedAt endedAt formats { type url durationSeconds thumbnailUrls } } } }`;
  const [shown] = (await ask(gateway, query)).recordings.nodes;
  expect(shown).toMatchObject({
    durationSeconds: 1_800,
    sizeBytes: 3_000_000_000,
    startedAt: new Date(made.startTime).toISOString(),
    endedAt: new Date(made.endTime).toISOString(),
    formats: [
      { type: "podcast", url: url(`/podcast/${made.recordID}/audio.ogg`) },
      { type: "video", durationSeconds: 1_800 },
      { type: "presentation", url: page, thumbnailUrls: [expect.stringContaining("thumb-1.png")] },
    ],
  });

  const recordingId = recording.id;
  await mutate(gateway, "updateRecording", { recordingId, isPublished: false });
  expect([(await next()).change, peer.recording(sessionId)?.state]).toEqual(["UNPUBLISHED", "unpublished"]);
  // Done there, and the answer lost.
  peer.fault("publishRecordings", { silent: true });
  const published = await mutate(gateway, "updateRecording", { recordingId, isPublished: true });
  expect(published.recording).toMatchObject({ isPublished: true, playbackUrl: page });
  peer.mend("publishRecordings");
  expect((await next()).change).toBe("PUBLISHED");
  await mutate(gateway, "deleteRecording", { recordingId });
  expect([(await next()).change, peer.recording(sessionId)?.state]).toEqual(["DELETED", "deleted"]);
  expect((await record(gateway, sessionId)).status).toBe(404);
});

test.each(["bbb", "scalelite"] as const)(
  "%s: what its callback tells is looked for at once, and only once; 410 when the meeting is gone",
  async (flavour) => {
    const { peer, gateway, meetingId, sessionId, next, silence } = await recorded({ flavour });
    await peer.finishRecording(sessionId);
    const [sent] = peer.sent("recording-ready");
    expect(sent).toMatchObject({ status: 200 });
    let change = (await next()).change;
    // Its webhooks tell of what comes before.
    if (change === "PROCESSING") change = (await next()).change;
    expect(change).toBe("PUBLISHED");
    if (!sent) throw new Error("nothing was sent");
    expect(await peer.sendAgain(sent)).toBe(200);
    await silence();
    const forged = (sent.body ?? "").slice(0, -4);
    expect(await peer.sendAgain(sent, { body: forged })).toBe(401);
    await mutate(gateway, "deleteMeeting", { meetingId });
    expect(await peer.sendAgain(sent)).toBe(410);
    expect((await record(gateway, sessionId)).status).toBe(200);
  },
);

test.each(["scalelite", "plugnmeet"] as const)(
  "%s: a recording's address is another each time it is asked for, works, and is stored nowhere",
  async (flavour) => {
    const all = await recorded({ flavour, tells: false });
    const { peer, gateway, sessionId } = all;
    await peer.finishRecording(sessionId, { formats });
    expect(await looked(all, 5 * MINUTE)).toMatchObject({ change: "PUBLISHED" });
    const urls = [];
    for (let times = 0; times < 2; times += 1) urls.push((await record(gateway, sessionId)).body.data);
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) expect((await fetch(url)).status).toBe(200);
    const [row] = await gateway.opened.services.storage.read.recordings.listOfEngine("bigbluebutton", [
      peer.recording(sessionId)?.recordID ?? "",
    ]);
    expect([row?.playbackUrl, ...(row?.formats.map(({ url }) => url) ?? [])]).toEqual([null, null, null, null]);
  },
);
