import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { PieceFile, StorageFull } from "../../../src/engine/builtin/recording/piece-file.js";
import { boot, temporaryFolder } from "../../helpers/boot.js";
import { playbackUrlOf, putAll, putPiece, recordable, recordedPieces, startRecording } from "../../helpers/recorded.js";

const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = recordedPieces;
const quick = { recordSweep: 50 };
const full = { status: 507, body: { code: "STORAGE_FULL" } };

test("a license whose recordings have used up their room records no more, until there is room; another does, and meetings go on", async () => {
  const gateway = await boot({ timings: quick, env: { RECORDINGS_MB_PER_LICENSE: "9" } });
  const { link, viewerLink, meetingId, sessionId } = await recordable(gateway);
  const [moderator, viewer] = [gateway.socket(), gateway.socket()];
  await moderator.enter(link);
  await viewer.enter(viewerLink);
  const ticket = await startRecording(moderator);
  expect((await putPiece(gateway.url, ticket, 0, Buffer.concat([first, Buffer.alloc(7 * 1024 * 1024)]))).status).toBe(
    200,
  );
  expect(await putPiece(gateway.url, ticket, 1, Buffer.alloc(3 * 1024 * 1024))).toEqual(full);
  expect(await viewer.until(({ on }) => on === false)).toEqual({ type: "recording", on: false, why: "STORAGE_FULL" });
  await moderator.say({ type: "record", on: true });
  expect(await moderator.until(({ type }) => type === "refused")).toMatchObject({ code: "STORAGE_FULL", re: "record" });
  const { key } = await gateway.license();
  const { link: others } = await recordable(gateway, undefined, { key });
  const other = gateway.socket();
  await other.enter(others);
  expect((await startRecording(other)).next).toBe(0);
  await moderator.say({ type: "chat", body: "we go on" });
  await viewer.frame("chat");
  // What it was made of goes once it is made, and what was no film is not in it.
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  gateway.clock.forward(5 * 60_000 + 1_000);
  await playbackUrlOf(gateway, sessionId);
  const next = await recordable(gateway);
  const again = gateway.socket();
  await again.enter(next.link);
  expect((await startRecording(again)).next).toBe(0);
});

test("a disk that is nearly full takes nothing of recordings, so that the rest has room", async () => {
  const { bavail, bsize } = statfsSync(temporaryFolder());
  const more = Math.ceil((bavail * bsize) / 1024 / 1024) + 10_000;
  const gateway = await boot({ env: { RECORDINGS_FREE_MB: String(more) } });
  const { link } = await recordable(gateway);
  const moderator = gateway.socket();
  await moderator.enter(link);
  const ticket = await startRecording(moderator);
  expect(ticket).toMatchObject({ type: "refused", code: "STORAGE_FULL" });
});

test.runIf(process.getuid?.() === 0)(
  "a piece for which the disk has no room changes nothing, and a smaller one is taken",
  async () => {
    const folder = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", folder]);
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    const file = new PieceFile(`${folder}/part`);
    const before = await file.append(first, false, await file.progress());
    await expect(file.append(Buffer.alloc(200_000), false, before)).rejects.toThrow(StorageFull);
    expect([await file.progress(), statSync(file.media).size]).toEqual([before, first.length]);
    const after = await file.append(second, true, await file.progress());
    expect(after).toMatchObject({ next: 2, bytes: first.length + second.length, isWhole: true });
    expect(await file.progress()).toEqual(after);
    expect(readFileSync(file.media).equals(Buffer.concat([first, second]))).toBe(true);
  },
);

test.runIf(process.getuid?.() === 0)(
  "a recording is made once the disk has room for it beside what came, and nothing is tried before",
  async () => {
    const folder = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", folder]);
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    const gateway = await boot({ folder, timings: quick, env: { RECORDINGS_FREE_MB: "2" } });
    const { link, meetingId, sessionId } = await recordable(gateway);
    const moderator = gateway.socket();
    await moderator.enter(link);
    await putAll(gateway.url, await startRecording(moderator), [Buffer.concat([first, Buffer.alloc(4 * 1024 * 1024)])]);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(`${folder}/other`, Buffer.alloc(bavail * bsize - 4.5 * 1024 * 1024));
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const raw = `${folder}/recordings/raw/${sessionId}`;
    expect(JSON.parse(readFileSync(`${raw}/about.json`, "utf8"))).toMatchObject({ attempts: 0 });
    expect(readdirSync(raw)).toHaveLength(3);
    rmSync(`${folder}/other`);
    expect(await playbackUrlOf(gateway, sessionId)).toContain(sessionId);
  },
);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Takes all that the disk has left. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(64 * 1024));
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  } finally {
    closeSync(file);
  }
}

test.runIf(process.getuid?.() === 0)(
  "a disk that fills up each time a recording is being made loses nothing of it, and it is made once there is room",
  async () => {
    const folder = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", folder]);
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    const recordings = `${folder}/recordings`;
    const gateway = await boot({ folder, timings: quick, env: { RECORDINGS_FREE_MB: "2" } });
    const { link, meetingId, sessionId } = await recordable(gateway);
    const moderator = gateway.socket();
    await moderator.enter(link);
    await putAll(gateway.url, await startRecording(moderator));
    const isBeingMade = () => existsSync(`${recordings}/raw/${sessionId}/done`);
    const ending = gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    // More often than what ends with the process is tried.
    for (let round = 0; round < 5; round += 1) {
      await until(isBeingMade);
      if (round === 0) await ending;
      fill(`${folder}/other`);
      await until(() => !isBeingMade());
      expect(readdirSync(`${recordings}/raw/${sessionId}`).filter((name) => name.endsWith(".webm"))).toHaveLength(1);
      expect(existsSync(`${recordings}/done/${sessionId}`)).toBe(false);
      rmSync(`${folder}/other`);
    }
    expect(await playbackUrlOf(gateway, sessionId)).toContain(sessionId);
    const { body } = await gateway.graphql(`{ session(id: "${sessionId}") { recording { durationSeconds } } }`);
    expect(body.data.session.recording.durationSeconds).toBe(4);
  },
);

test.runIf(process.getuid?.() === 0)(
  "tries that a disk broke off which took no further file don't make a recording fail, however many they were",
  async () => {
    const folder = temporaryFolder();
    const recordings = `${folder}/recordings`;
    mkdirSync(recordings, { mode: 0o700 });
    const mount = (options: string) => execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", recordings]);
    mount("size=64m,mode=0700");
    onTestFinished(() => void execFileSync("umount", ["-l", recordings]));
    const gateway = await boot({ folder, timings: quick, env: { RECORDINGS_FREE_MB: "2" } });
    const { link, meetingId, sessionId } = await recordable(gateway);
    const moderator = gateway.socket();
    await moderator.enter(link);
    await putAll(gateway.url, await startRecording(moderator));
    const takeMore = () => mount("remount,nr_inodes=1000");
    const takeNoMore = () => {
      const { files, ffree } = statfsSync(recordings);
      mount(`remount,nr_inodes=${files - ffree}`);
    };
    // Written as each try begins.
    const written = () => statSync(`${recordings}/raw/${sessionId}/about.json`).ino;
    let before = written();
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    for (let round = 0; round < 5; round += 1) {
      await until(() => written() !== before);
      takeNoMore();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(existsSync(`${recordings}/done/${sessionId}`)).toBe(false);
      before = written();
      takeMore();
    }
    expect(await playbackUrlOf(gateway, sessionId)).toContain(sessionId);
  },
);
