import type { Command } from "commander";
import { addEngine, removeEngine, updateEngine } from "../domain/engine/change-engines.js";
import { readSecrets } from "../domain/engine/stored-engine.js";
import type { Services } from "../domain/services.js";
import type { EngineKind } from "../engine/kind.js";
import { readOptions } from "../engine/read-options.js";
import type { EngineRow } from "../storage/index.js";
import { Complaint, complainOf } from "./complaint.js";
import { addEngineCheck } from "./engine-check.js";
import {
  apart,
  type EngineKinds,
  foreignFlags,
  givenOptions,
  kindsToAdd,
  type Said,
  sayFault,
  withEngineOptions,
} from "./engine-options.js";
import { engineDetails, engineTable, engineViews } from "./engine-view.js";
import { askHidden } from "./hidden.js";
import { engineNameFaults, MOST_WEIGHT, readWeight } from "./engine-terms.js";
import { counted, jsonLine, print } from "./output.js";
import { note, withServices } from "./with-services.js";

const BY_DEFAULT_WEIGHT = 1;

const noSuch = ({ pool }: Services, name: string): Complaint =>
  pool.registry.isFixed(name)
    ? new Complaint(`${name} is none of the table: it comes with the program or its environment, and is changed there.`)
    : new Complaint('There is no engine of this name: see "vconnct engine list".');

const AND = "\n       ";
const NOTHING = "nothing to change: give at least one option";

/** Secrets that are still missing are asked for where somebody sits at the terminal. */
async function askForSecrets({ options }: EngineKind, given: Record<string, string>): Promise<void> {
  if (!process.stdin.isTTY) return;
  for (const [name, { isSecret, isRequired, description }] of Object.entries(options)) {
    if (isSecret && isRequired && given[name] === undefined) given[name] = (await askHidden(description)).trim();
  }
}

async function add(kinds: EngineKinds, name: string, said: Said): Promise<void> {
  const kindName = typeof said["kind"] === "string" ? said["kind"] : "";
  const kind = kindsToAdd(kinds).includes(kindName) ? kinds[kindName] : undefined;
  const { weight = BY_DEFAULT_WEIGHT, faults } = readWeight(said);
  faults.unshift(...engineNameFaults(name, Object.keys(kinds)));
  if (!kind) throw new Complaint([...faults, `--kind must be one of ${kindsToAdd(kinds).join(", ")}`].join(AND));
  const { given, unreadable } = givenOptions(kind, said);
  faults.push(...foreignFlags(kinds, kindName, said), ...unreadable.map(({ fault }) => fault));
  if (faults.length === 0) await askForSecrets(kind, given);
  const read = readOptions(kind, given);
  const told = new Set(unreadable.map(({ option }) => option));
  const wrong = read.faults.filter(({ option }) => !told.has(option));
  complainOf([...faults, ...wrong.map((fault) => sayFault(kind, fault))]);
  await withServices(async (services) => {
    const row = await addEngine(services, { name, kind: kindName, weight, ...apart(kind, read.options) });
    if (!row) throw new Complaint(`There is an engine ${name} already: "vconnct engine update ${name}" changes it.`);
    await print(`Engine added.\n\n${engineDetails(row)}`);
  });
}

/** What an update changes: the row's options with those that are given, read together. */
function changeOf(services: Services, kind: EngineKind, row: EngineRow, given: Record<string, string>) {
  const known = { ...row.options, ...readSecrets(services, row) };
  const read = readOptions(kind, { ...known, ...given });
  // A secret that nobody can read any more is no fault of this command; the notes say it.
  const wrong = read.faults.filter(({ option }) => option in given || option in known);
  complainOf(wrong.map((fault) => sayFault(kind, fault)));
  const { options, secrets } = apart(kind, read.options);
  const isGiven = ([name]: [string, string]) => name in given;
  return { options, secrets: Object.fromEntries(Object.entries(secrets).filter(isGiven)) };
}

async function update(kinds: EngineKinds, name: string, said: Said): Promise<void> {
  const { weight, faults } = readWeight(said);
  complainOf([...faults, ...(Object.keys(said).length === 0 ? [NOTHING] : [])]);
  await withServices(async (services) => {
    const { engines } = services.storage.read;
    const row = await engines.find(name);
    if (!row) throw noSuch(services, name);
    const kind = kinds[row.kind];
    if (!kind) throw new Complaint(`This version of vconnct has no kind of engine ${row.kind}.`);
    const { given, unreadable } = givenOptions(kind, said);
    complainOf([...foreignFlags(kinds, row.kind, said), ...unreadable.map(({ fault }) => fault)]);
    const changed = Object.keys(given).length > 0 ? changeOf(services, kind, row, given) : {};
    const updated = await updateEngine(services, name, { ...changed, ...(weight !== undefined && { weight }) });
    if (!updated) throw noSuch(services, name);
    await print(`Engine updated.\n\n${engineDetails(updated)}`);
    const open = await engines.countOpen(name);
    if (open > 0 && Object.keys(given).length > 0) {
      note(`${counted(open, "session")} of this engine still open: from now on looked for as it is set here.`);
    }
  });
}

async function remove(name: string): Promise<void> {
  await withServices(async (services) => {
    const use = await removeEngine(services, name);
    if (!use) throw noSuch(services, name);
    const { openSessions, licenses } = use;
    complainOf([
      ...(openSessions > 0
        ? [
            `${counted(openSessions, "session")} still open there: "vconnct engine drain ${name}" lets the last ones end.`,
          ]
        : []),
      ...licenses.map(
        (license) => `The license ${license.id} names it: "vconnct license update ${license.id} --engine none".`,
      ),
    ]);
    await print(`Engine ${name} removed.`);
  });
}

async function drain(name: string, { undo = false }: { undo?: boolean }): Promise<void> {
  await withServices(async (services) => {
    const row = await updateEngine(services, name, { isDraining: !undo });
    if (!row) throw noSuch(services, name);
    const open = await services.storage.read.engines.countOpen(name);
    const left = `${counted(open, "session")} still open there, which may go on to their end.`;
    await print(undo ? `Engine ${name} takes new sessions again.` : `Engine ${name} takes no new sessions; ${left}`);
  });
}

async function list(options: { json?: boolean }): Promise<void> {
  await withServices(async (services) => {
    const engines = await engineViews(services);
    await print(options.json ? jsonLine(engines) : engineTable(engines));
  });
}

const secretHelp = `
Secrets come from a file, from standard input or from a variable, never from the command line, which the shell's history and
the list of processes show. Without either, "add" asks for them at the terminal.`;

/** @param kinds of engines that this version has; their options are flags */
export function addEngineCommands(program: Command, kinds: EngineKinds): void {
  const engine = program.command("engine").description("add, list, update, drain and remove conference engines");
  const withOptions = (command: Command) =>
    withEngineOptions(command, kinds)
      .option(
        "--weight <N>",
        `its share of the sessions, 0 to ${MOST_WEIGHT}; 0: only licenses that name it (default: 1)`,
      )
      .addHelpText("after", secretHelp);
  withOptions(
    engine
      .command("add")
      .argument("<NAME>", "what sessions and licenses call it: small letters, digits and hyphens")
      .option("--kind <KIND>", `which sort of engine it is: ${kindsToAdd(kinds).join(", ")} (required)`),
  )
    .description("add a conference server, which then takes its share of the sessions")
    .action((name: string, said: Said) => add(kinds, name, said));
  engine
    .command("list")
    .description("list all engines, with what runs there now and whether they answer; never a secret")
    .option("--json", "print one line of JSON instead, an array with one object for each engine")
    .action(list);
  withOptions(engine.command("update").argument("<NAME>", "the engine's name"))
    .description("change what is given and nothing else; running sessions stay where they are")
    .action((name: string, said: Said) => update(kinds, name, said));
  engine
    .command("drain")
    .argument("<NAME>", "the engine's name")
    .description("let its last sessions end: it takes no new ones")
    .option("--undo", "let it take new sessions again")
    .action(drain);
  engine
    .command("remove")
    .argument("<NAME>", "the engine's name")
    .description("remove an engine that no open session and no license needs")
    .action(remove);
  addEngineCheck(engine);
}
