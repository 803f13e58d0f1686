import type { Config } from "../config.js";
import type { DeletedPlace, LicenseId, Queries } from "../storage/index.js";
import { SIGHTING_KEPT_MS } from "./entering/sightings.js";
import { forgetRecordings, removeFilesOf } from "./recording/forget-recordings.js";
import type { Services } from "./services.js";

/** Rows that one transaction forgets: some milliseconds. */
export const FORGOTTEN_A_STEP = 500;

const DAY_MS = 24 * 60 * 60 * 1000;
/** A token is known for this long after it is over, so that a clock that runs ahead for a while ends none. */
const TOKEN_KEPT_MS = 24 * 60 * 60 * 1000;
const INSTANCE_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Long after a call that made it can be repeated. */
const DELETED_MEETING_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** An engine that tells no ids is asked who is inside by name; nobody is on the way for a day. */
const TRAVELLER_KEPT_MS = DAY_MS;

type Step = (tx: Queries, limit: number) => Promise<number>;

/** What is over, each kind in steps with a turn for everybody else between. @param isOver asked between the steps */
export async function forgetWhatIsOver(
  services: Services,
  retention: Config["retention"],
  isOver: () => boolean = () => false,
): Promise<void> {
  const { storage, clock, instanceId } = services;
  const now = clock.now().getTime();
  const before = (ms: number) => new Date(now - ms);
  const forget = async (step: Step) => {
    while (!isOver() && (await storage.transaction((tx) => step(tx, FORGOTTEN_A_STEP))) > 0);
  };

  // Calls that can no longer be repeated and tokens that no longer work: nobody asks for them.
  await forget((tx, limit) => tx.idempotency.forget(before(0), limit));
  const tokensOver = new Date(Math.min(now, clock.wall().getTime()) - TOKEN_KEPT_MS);
  await forget((tx, limit) => tx.accessTokens.forget(tokensOver, limit));
  await forget((tx, limit) => tx.forgetting.instances(instanceId, before(INSTANCE_KEPT_MS), limit));
  await forget((tx, limit) => tx.onTheWay.forget(before(TRAVELLER_KEPT_MS), limit));
  await forget((tx, limit) => tx.sightings.forget(before(SIGHTING_KEPT_MS), limit));
  // First what tells of a session, then the session.
  if (retention.events > 0) await forget((tx, limit) => tx.forgetting.events(before(retention.events * DAY_MS), limit));
  for (const { id } of await storage.read.licenses.list()) {
    if (retention.recordings > 0) await forgetRecordings(services, id, before(retention.recordings * DAY_MS), isOver);
    if (retention.sessions > 0) await forgetSessions(services, id, before(retention.sessions * DAY_MS), isOver);
  }
  await forgetMeetings(services, before(DELETED_MEETING_KEPT_MS), isOver);
}

/** Nobody is shown a deleted meeting: it goes when nothing that is shown hangs under it. */
async function forgetMeetings({ storage }: Services, before: Date, isOver: () => boolean) {
  const step = (from?: DeletedPlace) =>
    storage.transaction((tx) => tx.forgetting.meetings(before, FORGOTTEN_A_STEP, from));
  let place = await step();
  while (place && !isOver()) place = await step(place);
}

/** The files of what was recorded go first: once their rows are gone, nobody would know of them. */
async function forgetSessions(services: Services, licenseId: LicenseId, before: Date, isOver: () => boolean) {
  const { storage } = services;
  let forgotten = 1;
  while (!isOver() && forgotten > 0) {
    await removeFilesOf(services, await storage.read.forgetting.listOver(licenseId, before));
    forgotten = await storage.transaction((tx) => tx.forgetting.sessions(licenseId, before, FORGOTTEN_A_STEP));
  }
}
