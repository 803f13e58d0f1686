import type { Command } from "commander";
import { endByOperator } from "../domain/session/end-session.js";
import type { Services } from "../domain/services.js";
import type { Session } from "../storage/index.js";
import { Complaint, complainOf, idFaults } from "./complaint.js";
import { jsonLine, print, table } from "./output.js";
import { operator, withServices } from "./with-services.js";

/** No passwords and nobody's name: who may end a session need not know who is inside. */
async function openSessions({ storage: { read } }: Services) {
  const names = new Map((await read.licenses.list()).map(({ id, name }) => [id, name]));
  const sessions = await read.sessions.listOpen();
  return Promise.all(
    sessions.map(async ({ id, licenseId, meetingId, status, startedAt, title }) => ({
      id,
      licenseId,
      licenseName: names.get(licenseId) ?? "",
      meetingId,
      status: status.toLowerCase(),
      startedAt,
      inside: (await read.attendances.listInside(id)).length,
      title,
    })),
  );
}

const list = (options: { json?: boolean }): Promise<void> =>
  withServices(async (services) => {
    const sessions = await openSessions(services);
    if (options.json) return print(jsonLine(sessions));
    if (sessions.length === 0) return print("No session is running.");
    const rows = sessions.map(({ id, status, startedAt, inside, licenseId, title }) => {
      return [id, status, startedAt.toISOString(), String(inside), licenseId, title ?? ""];
    });
    return print(table(["ID", "STATUS", "STARTED", "INSIDE", "LICENSE", "TITLE"], rows));
  });

function notRunning(session: Session | undefined): Complaint {
  if (!session) return new Complaint('There is no session with this ID: see "vconnct session list".');
  const { status, endedAt } = session;
  if (status === "STARTING") return new Complaint("The session is just being started: try again in a moment.");
  if (endedAt) return new Complaint(`The session is not running: it ended at ${endedAt.toISOString()}.`);
  return new Complaint("The session is already being ended; a running server finishes this within half a minute.");
}

async function end(givenId: string): Promise<void> {
  complainOf(idFaults(givenId, "session"));
  const id = givenId.toLowerCase();
  await withServices(async (services) => {
    const { read } = services.storage;
    const inside = (await read.attendances.listInside(id)).length;
    const ended = await endByOperator(services, operator, id);
    if (!ended) throw notRunning(await read.sessions.findAnyones(id));
    const sentOut = inside === 1 ? "1 person was" : `${inside} people were`;
    await print(`Session ${id} ended at ${ended.endedAt?.toISOString()}; ${sentOut} sent out.`);
  });
}

export function addSessionCommands(program: Command): void {
  const session = program.command("session").description("list and end running sessions");
  session
    .command("list")
    .description("list all sessions that run now, oldest first, with how many people are inside")
    .option("--json", "print one line of JSON instead, an array with one object for each session")
    .action(list);
  session
    .command("end")
    .argument("<ID>", "the session's id")
    .description("end a running session and send everyone out; its meeting can be started again")
    .action(end);
}
