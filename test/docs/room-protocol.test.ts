import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { frameTable } from "../../src/engine/builtin/frame-table.js";
import { closeCodes } from "../../src/engine/builtin/seat.js";
import { boot } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { root } from "../start/process.js";

const page = readFileSync(join(root, "docs/room-protocol.md"), "utf8");

test("the room protocol's page names every close code of ours", () => {
  const named = [...page.matchAll(/^\| (\d{4}) \|/gm)].map(([, code]) => Number(code));
  expect(named).toEqual(expect.arrayContaining(Object.values(closeCodes)));
});

test("the room protocol's page has a row for each frame of the table, and says which are not there yet", () => {
  const said = [...page.matchAll(/^\| `([\w-]+)` \| .* (yes.*|not yet) \|$/gm)].map(([, type, there]) => [type, there]);
  const there = said.flatMap(([type, is]) => (is?.startsWith("yes") && type !== "enter" ? [type] : []));
  expect(there.toSorted()).toEqual(Object.keys(frameTable).toSorted());
});

test("the page knows the close codes by the server's own names", async () => {
  const module = join(root, "src/engine/builtin/page/line/closed.ts");
  const { closed } = await import(module);
  expect(closeCodes).toMatchObject(closed);
});

test("the program printed there enters a room, tells who comes, and leaves", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId, { moderator_name: "Ms. Noor" });
  const program = /^```js\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "";

  const child = spawn(process.execPath, ["--input-type=module", "-", link], { cwd: root });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  let changed = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      said += String(data);
      changed();
    });
  }
  let code: number | null | undefined;
  child.on("close", (ended) => {
    code = ended;
    changed();
  });
  const hears = async (text: string) => {
    while (!said.includes(text)) {
      if (code !== undefined) throw new Error(`it ended and said ${said}`);
      await new Promise<void>((resolve) => (changed = resolve));
    }
  };
  child.stdin.end(program);

  await hears("inside with Ms. Noor\n");
  const viewer = gateway.socket();
  await viewer.enter(await joinMeeting(gateway, meetingId, "John Doe"));
  await hears("John Doe joined\n");
  child.kill("SIGINT");
  await hears("closed with 1000\n");
  expect((await viewer.frame("left")).person.name).toBe("Ms. Noor");
});
