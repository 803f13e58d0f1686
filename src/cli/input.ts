import * as z from "zod";
import { checkName, limits } from "../domain/checks.js";
import type { LicenseTerms } from "../domain/license/create-license.js";
import type { IssueCode } from "../domain/refusal.js";
import { engineName } from "./engine-terms.js";

/** The graph shows limits as Int. */
const MOST = 2 ** 31 - 1;

const nameFaults: Partial<Record<IssueCode, string>> = {
  REQUIRED: "must show something",
  TOO_LONG: `must have at most ${limits.name.max} characters`,
  INVALID_FORMAT: "must have no line breaks and other control characters",
};

const name = z
  .string()
  .refine((value) => !value.startsWith("--"), "lacks its value: what follows it begins with --")
  .superRefine((value, context) => {
    for (const { code } of checkName([], value)) {
      context.addIssue(nameFaults[code] ?? "can't be used");
    }
  });

const isoInstant = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** JavaScript would read a time without zone as the machine's own, and the 30th of February as a day in March. */
function readInstant(text: string): Date | undefined {
  const [, day, time, , , zone] = isoInstant.exec(text) ?? [];
  const at = new Date(time && !zone ? `${text}Z` : text);
  return z.iso.date().safeParse(day).success && !Number.isNaN(at.getTime()) ? at : undefined;
}

const instant = z.string().transform((value, context) => {
  const at = readInstant(value);
  if (at) return at;
  context.addIssue("must be an ISO date or time, like 2030-12-31 or 2030-12-31T18:00:00Z");
  return z.NEVER;
});

const limit = (least: number) =>
  z
    .string()
    .refine(
      (value) => value === "none" || (/^\d{1,10}$/.test(value) && Number(value) >= least && Number(value) <= MOST),
      `must be a whole number from ${least} to ${MOST}, or none`,
    )
    .transform((value) => (value === "none" ? null : Number(value)));

/** Whether there is one of that name, the database tells. */
const engine = z
  .string()
  .regex(engineName, 'must be the name of an engine as "vconnct engine list" shows it, or none')
  .transform((value) => (value === "none" ? null : value));

const termsIn = (expires: z.ZodType<Date>) =>
  z.object({
    name: name.exactOptional(),
    expires: z.exactOptional(expires),
    maxMeetings: limit(0).exactOptional(),
    maxRunning: limit(0).exactOptional(),
    // A room for nobody is no room; whoever writes 0 here means something else.
    maxAttendance: limit(1).exactOptional(),
    engine: engine.exactOptional(),
  });

const flagOf = (option: string): string => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The terms that the options name, or everything that is wrong with them. */
export function readTerms(
  options: object,
  { expiresAfter }: { expiresAfter?: Date } = {},
): { terms: Partial<LicenseTerms>; faults: string[] } {
  const later = instant.refine((at) => !expiresAfter || at > expiresAfter, "must be in the future");
  const read = termsIn(later).safeParse(options);
  if (!read.success) {
    return { terms: {}, faults: read.error.issues.map(({ path, message }) => `${flagOf(path.join("."))} ${message}`) };
  }
  const { expires, ...rest } = read.data;
  return { terms: { ...rest, ...(expires && { expiresAt: expires }) }, faults: [] };
}
