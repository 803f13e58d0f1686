import { expect, test, vi } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { rawLine, rawRequest } from "../../helpers/raw.js";
import { quiet, statementsDuring } from "../../helpers/rows.js";

/** A server whose partner is known, and nothing of whose list was asked yet. */
async function furnished() {
  const gateway = await boot(quiet);
  const write = async (title: string) => {
    await createMeeting(gateway, { title });
    await gateway.v1("list_general_meeting_setting");
  };
  await write("first");
  return { gateway, write };
}

/** Its next reading of a list waits until it is let go. */
function holdNext({ opened }: Gateway) {
  let letGo = (_fault?: Error): void => {};
  const held = new Promise<void>((resolve, reject) => {
    letGo = (fault) => (fault ? reject(fault) : resolve());
  });
  const { meetings } = opened.services.storage.read;
  const { list } = meetings;
  const lists = vi.spyOn(meetings, "list").mockImplementationOnce(async (...args) => {
    const found = await list(...args);
    await held;
    return found;
  });
  return { lists, letGo, isHeld: () => expect.poll(() => lists.mock.calls.length).toBe(1) };
}

test("twelve who ask the same at once are read for once, however the database answers", async () => {
  const { gateway, write } = await furnished();
  const one = await statementsDuring(() => gateway.v1("list_meetings"));
  await write("second");
  const lines = await Promise.all(Array.from({ length: 12 }, async () => rawLine(gateway.url)));
  // While lines come, requests are begun a few in a turn.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const sent = rawRequest("/api/v1/list_meetings", { headers: { license: gateway.key } });
  const twelve = () => {
    for (const line of lines) line.write(sent);
    return Promise.all(lines.map((line) => line.until(/"title":"second"/)));
  };
  expect(await statementsDuring(twelve)).toEqual(one);
});

test("who asks the same while it is read waits for that reading, and is told the same to the byte", async () => {
  const { gateway } = await furnished();
  const { lists, letGo, isHeld } = holdNext(gateway);
  const first = gateway.v1("list_meetings");
  await isHeld();
  const others = [gateway.v1("list_meetings"), gateway.v1("list_meetings")];
  // One of another address, that waits for nobody, comes after them.
  expect((await gateway.v1("list_meetings/")).status).toBe(200);
  letGo();
  const texts = (await Promise.all([first, ...others])).map(({ text }) => text);
  expect(new Set(texts).size).toBe(1);
  expect(lists.mock.calls.length).toBe(2);
});

test("what was answered since a reading began is in every answer to who asks after that, also while it goes on", async () => {
  const { gateway } = await furnished();
  const { letGo, isHeld } = holdNext(gateway);
  const first = gateway.v1("list_meetings");
  await isHeld();
  await createMeeting(gateway, { title: "second" });
  const titles = (await gateway.v1("list_meetings")).body.data.map(({ title }: { title: string }) => title);
  expect(titles).toEqual(["first", "second"]);
  letGo();
  expect((await first).status).toBe(200);
  expect((await gateway.v1("list_meetings")).body.data).toHaveLength(2);
});

test("where who came first is not answered, the others are read for all the same", async () => {
  const { gateway } = await furnished();
  const { letGo, isHeld } = holdNext(gateway);
  const first = gateway.v1("list_meetings");
  await isHeld();
  const others = [gateway.v1("list_meetings"), gateway.v1("list_meetings")];
  await gateway.v1("list_meetings/");
  letGo(new Error("the disk is gone"));
  expect((await first).status).toBe(500);
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
});
