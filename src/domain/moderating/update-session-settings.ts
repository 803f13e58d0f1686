import type { Wish, WishOutcome } from "../../engine/engine.js";
import type { Session } from "../../storage/index.js";
import type { Caller } from "../caller.js";
import { checkId, refuseIssues, storedId } from "../checks.js";
import { recordEvent } from "../events/events.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { type LocksPatch, lockNames, readSettings } from "../settings.js";
import { type Change, changeAsWished, changeSession } from "./changing.js";

export const updateSessionSettingsRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "SESSION_NOT_RUNNING",
  "NOT_SUPPORTED_BY_ENGINE",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(updateSessionSettingsRefusals);

const settingsChange = ({ clock }: Services, patch: LocksPatch): Change<Session> => ({
  async store(tx, session, origin) {
    const before = readSettings(session.settings);
    const fields = lockNames.filter((name) => (patch[name] ?? before[name]) !== before[name]);
    if (fields.length === 0) return undefined;
    const settings = { ...before, ...Object.fromEntries(fields.map((name) => [name, patch[name] === true])) };
    const changed = await tx.sessions.setSettings(session.id, settings);
    if (changed) {
      await recordEvent({ tx, type: "session.changed", origin, at: clock.now(), session: changed, facts: { fields } });
    }
    return changed;
  },
  tell: (rooms, session) => rooms.settingsChanged(session.id, readSettings(session.settings)),
});

export interface UpdateSessionSettings {
  sessionId: string;
  settings: LocksPatch;
}

/**
 * Changes what viewers may in a running session; the meeting's own settings stay.
 * @throws Refusal of `updateSessionSettingsRefusals`
 */
export async function updateSessionSettings(
  services: Services,
  caller: Caller,
  { sessionId, settings }: UpdateSessionSettings,
): Promise<Session> {
  const nulls = lockNames.filter((name) => settings[name] === null);
  refuseIssues(
    refuse,
    checkId(["sessionId"], sessionId),
    nulls.map((name) => ({ path: ["settings", name], code: "NULL_NOT_ALLOWED", key: "fault.nullNotAllowed" })),
  );
  const find = () => services.storage.read.sessions.find(caller.reach, storedId(sessionId));
  const session = await find();
  if (!session) throw refuse("NOT_FOUND", { resource: "SESSION" });
  await changeSession(refuse, services, { origin: caller, session }, settingsChange(services, settings));
  return (await find()) ?? session;
}

/** A moderator inside does. What is no lock is not looked at. */
export const setLocksAsWished = (
  services: Services,
  engine: string,
  { settings, ...wish }: Wish & { settings: Readonly<Record<string, boolean>> },
): Promise<WishOutcome> => {
  const patch: LocksPatch = Object.fromEntries(
    lockNames.flatMap((name) => (Object.hasOwn(settings, name) ? [[name, settings[name]]] : [])),
  );
  return changeAsWished(services, engine, wish, settingsChange(services, patch));
};
