import type { Command } from "commander";
import { checkEngine } from "../domain/session/check-engine.js";
import type { Services } from "../domain/services.js";
import { Complaint, complainOf } from "./complaint.js";
import { print } from "./output.js";
import { withServices } from "./with-services.js";

type Engine = ReturnType<Services["engineOf"]>;

/** The one that is named, else all; the built-in one, which needs nothing, only where it is alone. */
function enginesToCheck({ engines }: Services, name: string | undefined): Engine[] {
  if (name !== undefined) {
    const found = engines.get(name);
    if (!found) throw new Complaint(`There is no engine of this name; there are ${[...engines.keys()].join(", ")}.`);
    return [found];
  }
  const elsewhere = [...engines.values()].filter((engine) => engine.elsewhere !== undefined);
  return elsewhere.length > 0 ? elsewhere : [...engines.values()];
}

/** What the engine says of itself; that it says nothing is told by the steps. */
async function introduce(engine: Engine): Promise<void> {
  const about = await engine.about?.().catch(() => undefined);
  await print(`Engine ${engine.name}${about ? `: ${about.title}` : ""}`);
  for (const fact of about?.facts ?? []) await print(`      ${fact}`);
  if (!about?.cannot.length) return;
  await print("It can't:");
  for (const what of about.cannot) await print(`    - ${what}`);
}

/** @returns whether sessions can run there */
async function checkOne(engine: Engine): Promise<boolean> {
  await introduce(engine);
  let canRun = true;
  for await (const { what, problem } of checkEngine(engine)) {
    if (problem !== undefined) canRun = false;
    await print(problem === undefined ? `ok    ${what}` : `FAILS ${what}: ${problem}`);
  }
  if (canRun) await print("Sessions can run there.");
  return canRun;
}

const check = (name: string | undefined): Promise<void> =>
  withServices(async (services) => {
    const failing: string[] = [];
    for (const engine of enginesToCheck(services, name)) if (!(await checkOne(engine))) failing.push(engine.name);
    const sentence = "An engine does not do what sessions need, see the lines above";
    complainOf(failing.length > 0 ? [`${sentence}: ${failing.join(", ")}`] : []);
  });

/** `vconnct engine check`, beside the other commands of that word. */
export function addEngineCheck(engine: Command): void {
  engine
    .command("check")
    .argument("[NAME]", "the engine's name; all on other machines, when left out")
    .description("open a room at the engine, ask for it and end it; say what works and what that server can't do")
    .action(check);
}
