import { isRecord, textIn } from "./reading.js";
import { type Told, tellers } from "./events.js";
import type { Hear, Hearing } from "./hearing.js";
import { isSigned } from "./signatures.js";

/** `[{ data: { id, attributes, event: { ts } } }]`, or one of them alone; what has another shape is left out. */
function eventsIn(json: string | null): Told[] {
  let read: unknown;
  try {
    read = JSON.parse(json ?? "[]");
  } catch {
    return [];
  }
  return (Array.isArray(read) ? read : [read]).flatMap((each): Told[] => {
    const data = isRecord(each) && isRecord(each["data"]) ? each["data"] : {};
    const { attributes, event } = data;
    const id = textIn(data, "id");
    if (id === undefined || !isRecord(attributes)) return [];
    const ts = isRecord(event) ? Number(event["ts"]) : Number.NaN;
    const at = new Date(ts);
    return [{ id, attributes, ...(!Number.isNaN(at.getTime()) && { at }) }];
  });
}

/** Of a room that was made while the server's webhooks were down, its own id alone is told. */
async function sessionOf({ reports }: Hearing, { attributes }: Told): Promise<string | undefined> {
  const meeting = isRecord(attributes["meeting"]) ? attributes["meeting"] : {};
  const external = textIn(meeting, "external-meeting-id");
  if (external !== undefined) return external;
  const internal = textIn(meeting, "internal-meeting-id");
  return internal === undefined ? undefined : reports.sessionOf(internal);
}

/** What the server tells as it happens, twice or late as may be. What is not signed is not read. */
export const webhooks: Hear = async (callback, hearing) => {
  if (!isSigned(callback, hearing)) return { status: 401 };
  const events = eventsIn(new URLSearchParams(callback.body.toString("utf8")).get("event"));
  for (const told of events.toSorted((one, other) => (one.at?.getTime() ?? 0) - (other.at?.getTime() ?? 0))) {
    const tell = Object.hasOwn(tellers, told.id) ? tellers[told.id] : undefined;
    const sessionId = tell && (await sessionOf(hearing, told));
    if (sessionId !== undefined) await tell?.(hearing, sessionId, told);
  }
  return { status: 200 };
};
