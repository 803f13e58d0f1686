import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { EngineKind, EngineOption } from "../engine/kind.js";
import { terminal } from "./terminal.js";

export type EngineKinds = Readonly<Record<string, EngineKind>>;

/** What commander read, by its own names of the flags. */
export type Said = Readonly<Record<string, unknown>>;

/** The built-in engine has nothing to be told: there is one, and always. */
export const kindsToAdd = (kinds: EngineKinds): string[] =>
  Object.keys(kinds).filter((name) => Object.keys(kinds[name]?.options ?? {}).length > 0);

const flagOf = (option: string): string => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const saidAs = (flag: string): string => flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** A secret's value is no flag: it would stay in the shell's history, and be seen in the list of processes. */
const flagsOf = (name: string, { isSecret }: EngineOption): string[] => {
  const flag = flagOf(name);
  return isSecret ? [`${flag}-file`, `${flag}-env`] : [flag];
};

/** The flags of every kind's options; kinds that have one of the same name share its flag. */
export function withEngineOptions(command: Command, kinds: EngineKinds): Command {
  const known = new Set<string>();
  for (const { options } of Object.values(kinds)) {
    for (const [name, option] of Object.entries(options)) {
      const [flag = "", other] = flagsOf(name, option);
      if (known.has(flag)) continue;
      known.add(flag);
      const { description, byDefault } = option;
      if (other === undefined) {
        command.option(`--${flag} <VALUE>`, byDefault ? `${description} (default: ${byDefault})` : description);
      } else {
        command.option(`--${flag} <FILE>`, `a file that holds ${description}; - is standard input`);
        command.option(`--${other} <NAME>`, "an environment variable that holds it");
      }
    }
  }
  return command;
}

const textOf = (said: Said, flag: string): string | undefined => {
  const text = said[saidAs(flag)];
  return typeof text === "string" ? text : undefined;
};

function fromFile(flag: string, file: string): { text?: string; fault?: string } {
  try {
    const text = (file === "-" ? terminal.input() : readFileSync(file, "utf8")).trim();
    return text === "" ? { fault: `--${flag} holds nothing` } : { text };
  } catch {
    return { fault: `--${flag} can't be read` };
  }
}

function fromEnvironment(flag: string, name: string): { text?: string; fault?: string } {
  const text = terminal.env[name]?.trim();
  return text ? { text } : { fault: `--${flag} names a variable that is not set` };
}

function secretIn(said: Said, name: string, option: EngineOption): { text?: string; fault?: string } {
  const [inFile = "", inEnvironment = ""] = flagsOf(name, option);
  const [file, variable] = [textOf(said, inFile), textOf(said, inEnvironment)];
  if (file !== undefined && variable !== undefined) return { fault: `--${inFile} and --${inEnvironment} say it twice` };
  if (file !== undefined) return fromFile(inFile, file);
  return variable === undefined ? {} : fromEnvironment(inEnvironment, variable);
}

/** What the flags give an engine of this kind, as it was written, and what is wrong with how it was given. */
export function givenOptions(
  kind: EngineKind,
  said: Said,
): { given: Record<string, string>; unreadable: { option: string; fault: string }[] } {
  const given: Record<string, string> = {};
  const unreadable: { option: string; fault: string }[] = [];
  for (const [name, option] of Object.entries(kind.options)) {
    const { text, fault } = option.isSecret
      ? secretIn(said, name, option)
      : { text: textOf(said, flagOf(name)), fault: undefined };
    if (text !== undefined) given[name] = text;
    if (fault !== undefined) unreadable.push({ option: name, fault });
  }
  return { given, unreadable };
}

/** Flags that only other kinds have. */
export function foreignFlags(kinds: EngineKinds, name: string, said: Said): string[] {
  const flags = (kind: EngineKind | undefined) =>
    Object.entries(kind?.options ?? {}).flatMap(([option, how]) => flagsOf(option, how));
  const own = new Set(flags(kinds[name]));
  const others = new Set(Object.values(kinds).flatMap(flags));
  return [...others]
    .filter((flag) => !own.has(flag) && textOf(said, flag) !== undefined)
    .map((flag) => `--${flag} is no option of the kind ${name}`);
}

/** How a fault of an option is told to whoever wrote flags. */
export const sayFault = ({ options }: EngineKind, { option, what }: { option: string; what: string }): string => {
  const how = options[option];
  const flags = how ? flagsOf(option, how) : [flagOf(option)];
  return `${flags.map((flag) => `--${flag}`).join(" or ")} ${what}`;
};

/** An engine's options apart from its secrets. */
export function apart(kind: EngineKind, all: Readonly<Record<string, string>>) {
  const isSecret = ([name]: [string, string]) => kind.options[name]?.isSecret === true;
  const entries = Object.entries(all);
  return {
    options: Object.fromEntries(entries.filter((each) => !isSecret(each))),
    secrets: Object.fromEntries(entries.filter(isSecret)),
  };
}
