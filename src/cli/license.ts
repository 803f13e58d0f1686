import type { Command } from "commander";
import { machineTime } from "../clock.js";
import { createLicense, oneYearFrom } from "../domain/license/create-license.js";
import { revokeLicense } from "../domain/license/revoke-license.js";
import { updateLicense } from "../domain/license/update-license.js";
import type { Services } from "../domain/services.js";
import type { License, LicenseId } from "../storage/index.js";
import { Complaint, complainOf, explain, idFaults } from "./complaint.js";
import { licenseDetails, licenseTable, licenseView } from "./license-view.js";
import { counted, jsonLine, print } from "./output.js";
import { note, operator, withServices } from "./with-services.js";

const termsHelp = `
ISO is a date or a date with a time: 2030-12-31, 2030-12-31T18:00:00Z, 2030-12-31T18:00+03:00.
Without a zone it is UTC; a date alone is its first moment. N is a whole number, or none for unlimited.`;

/** The same six on create and update; `expiry` says what differs. */
const withTerms = (command: Command, { name, expiry }: { name: string; expiry: string }): Command =>
  command
    .option("--name <name>", name)
    .option("--expires <ISO>", expiry)
    .option("--max-meetings <N>", "how many meetings the license may hold at once")
    .option("--max-running <N>", "how many sessions may run at once")
    .option("--max-attendance <N>", "how many people may be in one room at once, moderators counted (1 or more)")
    .option("--engine <NAME>", "the one engine that runs its sessions; none: whichever has the least to do")
    .addHelpText("after", termsHelp);

// The shell's right is the operator's: an id from the command line is as good as one read from a row.
const asLicenseId = (id: string): LicenseId => id.toLowerCase() as LicenseId;
const unknown = (): Complaint => new Complaint('There is no license with this ID: see "vconnct license list".');

/** Only where terms are given: the library of checks takes longer to load than any other part of this tool. */
const termsReader = () => import("./input.js");

/** One that can't be opened now is there all the same. @throws Complaint */
function demandKnown({ pool }: Services, name: string | null): void {
  const { shares } = pool.registry;
  if (name === null || shares.has(name)) return;
  throw new Complaint(`--engine must be none or one of ${[...shares.keys()].join(", ")}`);
}

async function create(options: { json?: boolean }): Promise<void> {
  const now = new Date(machineTime.wall());
  const { readTerms } = await termsReader();
  const { terms, faults } = readTerms(options, { expiresAfter: now });
  if (!("name" in options)) faults.unshift("--name is missing");
  complainOf(faults);
  const {
    name = "",
    expiresAt = oneYearFrom(now),
    maxMeetings = null,
    maxRunning = null,
    maxAttendance = null,
    engine = null,
  } = terms;
  const all = { name, expiresAt, maxMeetings, maxRunning, maxAttendance, engine };
  await withServices(async (services) => {
    demandKnown(services, engine);
    const { license, key } = await createLicense(services, operator, all);
    const { id, ...rest } = licenseView(license, services);
    const text = `License created.\n\n${licenseDetails({ id, ...rest }, key)}\n\nThe key is shown this once only: keep it now.`;
    await print(options.json ? jsonLine({ id, key, ...rest }) : text).catch(() => {
      throw new Complaint(`License ${id} was created, but its key could not be shown: revoke it and create another.`);
    });
  });
}

const list = (options: { json?: boolean }): Promise<void> =>
  withServices(async (services) => {
    const licenses = (await services.storage.read.licenses.list()).map((license) => licenseView(license, services));
    if (options.json) return print(jsonLine(licenses));
    return print(licenses.length > 0 ? licenseTable(licenses) : "There are no licenses yet.");
  });

async function update(id: string, options: object): Promise<void> {
  const { readTerms } = await termsReader();
  const { terms, faults } = readTerms(options);
  const nothing = Object.keys(options).length === 0 ? ["nothing to change: give at least one option"] : [];
  complainOf([...idFaults(id, "license"), ...faults, ...nothing]);
  await withServices(async (services) => {
    demandKnown(services, terms.engine ?? null);
    const license = await updateLicense(services, operator, asLicenseId(id), terms);
    if (!license) throw unknown();
    const view = licenseView(license, services);
    await print(`License updated.\n\n${licenseDetails(view)}`);
    if (view.status !== "active") note(`This license is ${view.status}: its key does not work.`);
  });
}

function sayRevoked(
  before: License,
  { endSessions, ended, open }: { endSessions: boolean; ended: number; open: number },
): string {
  const since = before.revokedAt?.toISOString();
  const lines = [since ? `License ${before.id} was already revoked at ${since}.` : `License ${before.id} revoked.`];
  if (endSessions) lines.push(`${counted(ended, "session")} ended.`);
  if (!endSessions && open > 0) lines.push(`Still running: ${counted(open, "session")}; --end-sessions ends them.`);
  if (endSessions && open > 0)
    lines.push(`Just starting or ending: ${counted(open, "session")}; look again in a moment.`);
  return lines.join("\n");
}

async function revoke(givenId: string, options: { endSessions?: boolean }): Promise<void> {
  complainOf(idFaults(givenId, "license"));
  const id = asLicenseId(givenId);
  const endSessions = options.endSessions === true;
  await withServices(async (services) => {
    const { read } = services.storage;
    const before = await read.licenses.find(id);
    if (!before) throw unknown();
    const outcome = await revokeLicense(services, operator, id, { endSessions });
    if (!outcome) throw unknown();
    const { ended, failures } = outcome;
    const running = (await read.sessions.listOpen()).filter(({ licenseId }) => licenseId === id).length;
    await print(sayRevoked(before, { endSessions, ended, open: Math.max(0, running - failures.length) }));
    if (failures.length === 0) return;
    throw new Complaint(`${counted(failures.length, "session")} could not be ended. ${explain(failures[0])}`);
  });
}

export function addLicenseCommands(program: Command): void {
  const license = program.command("license").description("create, list, update and revoke partners' licenses");
  withTerms(license.command("create"), {
    name: "the partner's name (required)",
    expiry: "when it stops working, in the future (default: one year from now)",
  })
    .description("create a license and show its key, this once only; no limit unless given")
    .option("--json", 'print one line of JSON instead: {"id":…,"key":…,…}')
    .action(create);
  license
    .command("list")
    .description("list all licenses, oldest first, with their limits and what is used of them")
    .option("--json", "print one line of JSON instead, an array with one object for each license")
    .action(list);
  withTerms(license.command("update").argument("<ID>", "the license's id"), {
    name: "the partner's new name",
    expiry: "when it stops working; a moment in the past makes it expire now",
  })
    .description("change what is given and nothing else; a lowered limit ends nothing, it refuses what comes next")
    .action(update);
  license
    .command("revoke")
    .argument("<ID>", "the license's id")
    .description("make the key stop working for good; running sessions run on unless --end-sessions")
    .option("--end-sessions", "end its running sessions too and send everyone out")
    .action(revoke);
}
