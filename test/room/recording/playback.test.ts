import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { playbackUrlOf, putAll, recordable, recordedSession, startRecording } from "../../helpers/recorded.js";
import { mutate } from "../../graphql/ask.js";

const quick = { recordSweep: 50 };

/** The page, and where its file is. */
async function opened(url: string, headers: Record<string, string> = {}) {
  const page = await fetch(url, { headers });
  const html = await page.text();
  const media = /<video [^>]*src="([^"]+)"/.exec(html)?.[1];
  return { page, html, media: media === undefined ? undefined : new URL(media, url).href };
}

test("the page speaks the visitor's language, is found by no search engine, and takes nothing from elsewhere", async () => {
  const gateway = await boot({ timings: quick });
  const { sessionId } = await recordedSession(gateway);
  const url = await playbackUrlOf(gateway, sessionId);
  const { page, html } = await opened(url, { "accept-language": "en-GB" });
  expect(html).toContain('<html lang="en" dir="ltr">');
  expect(html).toContain('<meta name="robots" content="noindex">');
  expect(html).toContain('<a href="?lang=ar" lang="ar" hreflang="ar" dir="rtl">العربية</a>');
  expect((await opened(url, { "accept-language": "ar" })).html).toContain('<html lang="ar" dir="rtl">');
  expect((await opened(`${url}?lang=en`, { "accept-language": "ar" })).html).toContain('<html lang="en" dir="ltr">');
  expect(Object.fromEntries(page.headers)).toMatchObject({
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  });
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; .*trusted-types 'none'/);
  const files = [...html.matchAll(/(?:src|href)="(\.[^"]+)"/g)].map(([, file = ""]) => new URL(file, url).href);
  for (const file of files) expect([file, (await fetch(file)).status]).toEqual([file, 200]);
});

test("the file is read in parts, as players ask for them, and its address is good for a while", async () => {
  const gateway = await boot({ timings: quick });
  const { sessionId } = await recordedSession(gateway);
  const { media = "" } = await opened(await playbackUrlOf(gateway, sessionId));
  const { size } = statSync(`${gateway.folder}/recordings/done/${sessionId}/recording.webm`);
  const ask = async (range?: string, more: Record<string, string> = {}, method = "GET") => {
    const headers = { ...(range !== undefined && { range }), ...more };
    const answer = await fetch(media, { method, headers });
    const { byteLength } = await answer.arrayBuffer();
    return [answer.status, byteLength, answer.headers.get("content-range"), answer.headers.get("content-length")];
  };
  const whole = [200, size, null, `${size}`];
  expect(await ask()).toEqual(whole);
  expect(await ask("bytes=10-19")).toEqual([206, 10, `bytes 10-19/${size}`, "10"]);
  expect(await ask("bytes=0-")).toEqual([206, size, `bytes 0-${size - 1}/${size}`, `${size}`]);
  expect(await ask("bytes=-5")).toEqual([206, 5, `bytes ${size - 5}-${size - 1}/${size}`, "5"]);
  expect(await ask(`bytes=${size}-`)).toEqual([416, 0, `bytes */${size}`, "0"]);
  for (const odd of ["bytes=5-1", "bytes=0-1,5-6", "lines=0-1", "bytes=-"]) expect(await ask(odd)).toEqual(whole);
  const etag = (await fetch(media, { method: "HEAD" })).headers.get("etag") ?? "";
  expect(await ask("bytes=0-3", { "if-range": etag })).toEqual([206, 4, `bytes 0-3/${size}`, "4"]);
  expect(await ask("bytes=0-3", { "if-range": '"another"' })).toEqual(whole);
  expect(await ask(undefined, {}, "HEAD")).toEqual([200, 0, null, `${size}`]);

  gateway.clock.forward(6 * 3_600_000 + 1_000);
  expect((await ask())[0]).toBe(403);
  const url = await playbackUrlOf(gateway, sessionId);
  const address = (await (await fetch(`${url}/address`)).json()) as { media: string };
  expect((await fetch(new URL(address.media, url))).status).toBe(200);
});

test("whoever guesses at an address, or changes one, finds nothing", async () => {
  const gateway = await boot({ timings: quick });
  const [one, other] = [await recordedSession(gateway), await recordedSession(gateway)];
  const url = await playbackUrlOf(gateway, one.sessionId);
  const otherUrl = await playbackUrlOf(gateway, other.sessionId);
  const { media = "" } = await opened(url);
  const key = url.slice(url.lastIndexOf("/") + 1);
  const pass = media.slice(media.lastIndexOf("/") + 1);
  const [until = "", mac = ""] = pass.split(".");
  const tries: [string, number][] = [
    [`${gateway.url}/api/recordings/${one.sessionId}`, 404],
    [`${gateway.url}/api/recordings/${one.sessionId}/`, 404],
    [`${gateway.url}/api/recordings/${one.sessionId}/${"A".repeat(32)}`, 404],
    [`${gateway.url}/api/recordings/${other.sessionId}/${key}`, 404],
    [`${gateway.url}/api/recordings/..%2F..%2Fvconnct.sqlite/${key}`, 404],
    [`${gateway.url}/api/recordings/${one.sessionId}/${key}/media/x`, 403],
    [`${gateway.url}/api/recordings/${one.sessionId}/${key}/media/${Number(until) + 1}.${mac}`, 403],
    [`${otherUrl}/media/${pass}`, 403],
    [`${gateway.url}/recordings/done/${one.sessionId}/recording.webm`, 404],
  ];
  for (const [address, status] of tries) expect([address, (await fetch(address)).status]).toEqual([address, status]);
});

test("hidden, then published again, then deleted: the page says so, the file is not given, and what was deleted is gone", async () => {
  const gateway = await boot({ timings: quick });
  const { sessionId } = await recordedSession(gateway);
  const url = await playbackUrlOf(gateway, sessionId);
  const { media = "" } = await opened(url);
  const { body } = await gateway.graphql(
    `{ session(id: "${sessionId}") { recording { id durationSeconds sizeBytes } } }`,
  );
  const { id: recordingId, ...known } = body.data.session.recording;
  expect(known).toEqual({ durationSeconds: 4, sizeBytes: (await (await fetch(media)).arrayBuffer()).byteLength });
  const states = async () => [
    (await opened(url, { "accept-language": "en" })).html.includes("There is no such recording"),
    ...(await Promise.all(
      [url, media, `${url}/chat`, `${url}/address`].map(async (each) => (await fetch(each)).status),
    )),
  ];
  expect(await states()).toEqual([false, 200, 200, 200, 200]);
  await mutate(gateway, "updateRecording", { recordingId, isPublished: false });
  expect(await states()).toEqual([true, 403, 403, 403, 403]);
  expect((await gateway.v1(`get_record?session_id=${sessionId}`)).status).toBe(404);
  await mutate(gateway, "updateRecording", { recordingId, isPublished: true });
  expect(await states()).toEqual([false, 200, 200, 200, 200]);
  await mutate(gateway, "deleteRecording", { recordingId });
  expect(await states()).toEqual([true, 404, 404, 404, 404]);
  expect(() => statSync(`${gateway.folder}/recordings/done/${sessionId}`)).toThrow("ENOENT");
});

test("the chat beside it has what was written to everyone while it was recorded, at its place, and nothing else", async () => {
  const gateway = await boot({ timings: quick });
  const { link, viewerLink, meetingId, sessionId } = await recordable(gateway);
  const [moderator, viewer] = [gateway.socket(), gateway.socket()];
  const { person } = await moderator.enter(link);
  await viewer.enter(viewerLink);
  const chat = async (body: string, to?: string) => {
    await viewer.say({ type: "chat", body, ...(to !== undefined && { to }) });
    await moderator.until((frame) => frame.body === body);
  };
  await chat("before");
  gateway.clock.forward(60_000);
  const ticket = await startRecording(moderator);
  gateway.clock.forward(3_000);
  await chat("while it is recorded");
  await chat("between us", person.id);
  await putAll(gateway.url, ticket);
  gateway.clock.forward(60_000);
  await chat("after");
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const url = await playbackUrlOf(gateway, sessionId);
  const { messages } = (await (await fetch(`${url}/chat`)).json()) as { messages: { seconds: number }[] };
  expect(messages).toEqual([
    { id: expect.any(String), name: "viewer", body: "while it is recorded", seconds: expect.any(Number) },
  ]);
  expect(messages[0]?.seconds).toBeGreaterThanOrEqual(3);
  expect(messages[0]?.seconds).toBeLessThan(4.3);
});
