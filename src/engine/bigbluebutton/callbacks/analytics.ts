// By its part, as in the token signer.
import { jwtVerify } from "jose/jwt/verify";
import type { Attended, Callback } from "../../engine.js";
import { confirmEnd } from "./ended.js";
import type { Hear, Hearing } from "./hearing.js";
import { type Fields, isRecord, textIn } from "./reading.js";

/** The token is signed with the secret and says until when it is good; it covers nothing of the body. */
async function isAllowed({ headers }: Pick<Callback, "headers">, { secrets, clock }: Hearing): Promise<boolean> {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (token === undefined) return false;
  for (const secret of secrets) {
    const key = new TextEncoder().encode(secret);
    const known = { algorithms: ["HS512"], currentDate: clock.wall(), requiredClaims: ["exp"] };
    if (
      await jwtVerify(token, key, known).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

/** A text as ISO 8601 has it, a number in seconds or milliseconds, or either within an object. */
function instantOf(value: unknown): Date | undefined {
  if (isRecord(value)) return instantOf(value["timestamp"]);
  const isNumber = typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
  const number = Number(value);
  // Seconds of today have ten digits, milliseconds thirteen.
  const at = isNumber
    ? new Date(number < 1e11 ? number * 1000 : number)
    : new Date(typeof value === "string" ? value : "");
  return Number.isNaN(at.getTime()) ? undefined : at;
}

const instantsIn = (fields: Fields, ...names: string[]): Date[] =>
  names
    .flatMap((name) => (Array.isArray(fields[name]) ? (fields[name] as unknown[]) : []))
    .flatMap((value) => instantOf(value) ?? []);

function attendeeOf(fields: Fields): Attended[] {
  const personId = textIn(fields, "ext_user_id") ?? textIn(fields, "external_user_id") ?? textIn(fields, "id");
  const joins = instantsIn(fields, "joins");
  if (personId === undefined || joins.length === 0) return [];
  const isModerator = fields["moderator"] === true || fields["moderator"] === "true";
  return [
    {
      personId,
      name: textIn(fields, "name") ?? "",
      role: isModerator ? "MODERATOR" : "VIEWER",
      joins,
      leaves: instantsIn(fields, "leaves", "lefts"),
    },
  ];
}

interface Analytics {
  sessionId: string;
  finish: Date | undefined;
  people: Attended[];
}

function read(body: Buffer): Analytics | undefined {
  let whole: unknown;
  try {
    whole = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  if (!isRecord(whole) || !isRecord(whole["data"])) return undefined;
  const { attendees } = whole["data"];
  const listed: unknown[] = isRecord(attendees) ? Object.values(attendees) : Array.isArray(attendees) ? attendees : [];
  const sessionId = textIn(whole, "meeting_id");
  if (sessionId === undefined) return undefined;
  return {
    sessionId,
    finish: instantOf(whole["data"]["finish"]),
    people: listed.filter(isRecord).flatMap(attendeeOf),
  };
}

/**
 * Who was in, told once when a room has ended and all its events were read: better than what was told meanwhile. A
 * session that still runs here is ended first, where its room is gone.
 */
export const analytics: Hear = async (callback, hearing) => {
  if (!(await isAllowed(callback, hearing))) return { status: 401 };
  const told = read(callback.body);
  if (!told) return { status: 400 };
  const { sessionId, finish, people } = told;
  const isTaken = async () => hearing.reports.attended({ sessionId, people });
  if (await isTaken()) return { status: 200 };
  const isOver = await confirmEnd(hearing, sessionId, "ANALYTICS", finish);
  return { status: isOver && (await isTaken()) ? 200 : 409 };
};
