import { describe, expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { heard } from "../helpers/beside.js";
import { environmentOf } from "../helpers/databases.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { newTool, runTool } from "./tool.js";

/** A running server, and the tool as a process of its own on the same database. */
async function serverAndTool() {
  const gateway = await boot();
  return { gateway, tool: await newTool(environmentOf(gateway.folder), runTool) };
}

describe("beside others", () => {
  test("limit-1: beside a running server, what the tool did counts from the next request on", async () => {
    const { gateway, tool: opened } = await serverAndTool();
    await using tool = opened;
    const { id, key } = await tool.create("--name", "Acme");
    expect((await gateway.v1("list_meetings", { key })).status).toBe(200);
    await tool.ok("license", "revoke", id);
    await heard(gateway);
    expect((await gateway.v1("list_meetings", { key })).status).toBe(401);
  });

  test("end-2, leave-3: beside a running server, ending a session sends out who is in its room, and nobody else", async () => {
    const { gateway, tool: opened } = await serverAndTool();
    await using tool = opened;
    const enterNewRoom = async () => {
      const link = await startMeeting(gateway, await createMeeting(gateway));
      const person = gateway.socket();
      await person.enter(link);
      return { person, link };
    };
    const { person, link } = await enterNewRoom();
    const { person: other } = await enterNewRoom();
    expect(await tool.ok("session", "end", sessionOf(link))).toContain("1 person was sent out");
    await person.frame("ended");
    expect((await person.closing()).code).toBe(4000);
    expect((await fetch(link)).status).toBe(410);
    expect(other.closed).toBeUndefined();
  });

  test("tools at once, on a database that none of them finds yet: each does its work", async () => {
    await using tool = await newTool({}, runTool);
    const names = ["One", "Two"];
    const created = await Promise.all(names.map((name) => tool.create("--name", name)));
    expect(new Set(created.map(({ key }) => key)).size).toBe(2);
    expect(await tool.licenses()).toHaveLength(2);
  });
});
