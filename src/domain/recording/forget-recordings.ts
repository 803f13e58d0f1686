import type { Engine } from "../../engine/engine.js";
import type { LicenseId, Recording } from "../../storage/index.js";
import { markGone } from "./gone.js";
import type { Services } from "../services.js";

/** Recordings, or sessions, whose files are removed in one go. */
const FILES_A_STEP = 50;

type Ours = readonly [name: string, recordings: NonNullable<Engine["recordings"]>];

/** Engines whose recordings are files of this server: nobody else removes them. */
const oursOf = ({ engines }: Pick<Services, "engines">): Ours[] =>
  [...engines].flatMap(([name, { recordings }]): Ours[] => (recordings?.areFilesOfOurs ? [[name, recordings]] : []));

/** Recordings of a license from before an instant are deleted as if the partner did it: files, row and event. */
export async function forgetRecordings(
  services: Services,
  licenseId: LicenseId,
  before: Date,
  isOver: () => boolean,
): Promise<void> {
  const { storage, clock } = services;
  for (const [engine, recordings] of oursOf(services)) {
    const next = () => storage.read.recordings.listBefore(licenseId, { engine, before, limit: FILES_A_STEP });
    for (let some: Recording[] = await next(); some.length > 0 && !isOver(); some = await next()) {
      for (const recording of some) {
        await recordings.remove(recording.engineRecordingId);
        await storage.transaction((tx) => markGone(tx, { door: "SYSTEM" }, recording, clock.now()));
      }
    }
  }
}

/** Of sessions that will be forgotten next. @param ids of them, with their engines */
export async function removeFilesOf(
  services: Services,
  sessions: readonly { id: string; engine: string }[],
): Promise<void> {
  const ours = new Map(oursOf(services));
  for (const { id, engine } of sessions) await ours.get(engine)?.remove(id);
}
