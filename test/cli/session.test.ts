import { describe, expect, test } from "vitest";
import { openBeside } from "../helpers/beside.js";
import { letIn } from "../helpers/meetings.js";
import { newTool } from "./tool.js";

describe("vconnct session", () => {
  test("list shows what runs and how many are inside, without names and passwords", async () => {
    await using tool = await newTool();
    const { id: licenseId, key } = await tool.license();
    const { sessionId, link } = await tool.startMeeting(key, "اجتماع");
    await tool.beside((services) => letIn(services, link));
    const [header, row] = (await tool.ok("session", "list")).split("\n");
    expect(header).toMatch(/^ID +STATUS +STARTED +INSIDE +LICENSE +TITLE$/);
    expect(row).toMatch(new RegExp(`^${sessionId} +running +\\S+Z +1 +${licenseId} +اجتماع$`));
    const json = await tool.ok("session", "list", "--json");
    expect(JSON.parse(json)).toMatchObject([
      { id: sessionId, licenseId, licenseName: "Acme", status: "running", inside: 1 },
    ]);
    expect(json).not.toMatch(/Mona|password/i);
  });

  test("end-2: end ends any running session, once, with one instant for it and everyone inside", async () => {
    await using tool = await newTool();
    const { key } = await tool.license();
    const { sessionId, link } = await tool.startMeeting(key, "Weekly");
    const { person } = await tool.beside((services) => letIn(services, link));
    const said = await tool.ok("session", "end", sessionId.toUpperCase());
    expect(said).toMatch(new RegExp(`^Session ${sessionId} ended at \\S+Z; 1 person was sent out\\.\n$`));
    const { session, left } = await tool.beside(async ({ storage: { read } }) => ({
      session: await read.sessions.findAnyones(sessionId),
      left: await read.attendances.find(person.id),
    }));
    expect(session).toMatchObject({ status: "ENDED", endCause: "OPERATOR" });
    expect(session?.endedAt).toEqual(left?.leftAt);
    const stderr = `error: The session is not running: it ended at ${session?.endedAt?.toISOString()}.\n`;
    expect(await tool.run("session", "end", sessionId)).toEqual({ code: 1, stdout: "", stderr });
    expect(await tool.ok("session", "list")).toBe("No session is running.\n");
  });

  test("end says when the session's engine is not there, and does not say to try again", async () => {
    await using tool = await newTool();
    const { key } = await tool.license();
    const { sessionId } = await tool.startMeeting(key, "Weekly");
    const database = openBeside(tool);
    database.prepare("UPDATE sessions SET engine = 'gone' WHERE id = ?").run(sessionId);
    database.close();
    const { code, stderr } = await tool.run("session", "end", sessionId);
    const said =
      "error: This server does not have the conference engine of that room, or it refused. The session runs on.";
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(said) });
    const { status } = (await tool.beside(({ storage }) => storage.read.sessions.findAnyones(sessionId))) ?? {};
    expect(status).toBe("RUNNING");
  });

  test("end leaves alone what another process is already ending", async () => {
    await using tool = await newTool();
    const { key } = await tool.license();
    const { sessionId } = await tool.startMeeting(key, "Weekly");
    await tool.beside(({ storage }) => storage.transaction((tx) => tx.sessions.claimEnd(sessionId)));
    const { code, stderr } = await tool.run("session", "end", sessionId);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("is already being ended") });
  });
});
