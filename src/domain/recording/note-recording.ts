import { newId } from "../../ids.js";
import type { EngineRecording } from "../../engine/engine.js";
import type { Queries, Recording, Session, StoredFormat } from "../../storage/index.js";
import { originOf } from "../caller.js";
import { changeOf } from "./change.js";
import { recordEvent } from "../events/events.js";
import type { Services } from "../services.js";

/** Of one recording; an engine that has more is not believed. */
export const MOST_FORMATS = 8;
const MOST_THUMBNAILS = 6;
/** An address is shown as it came, so it must be one (the graph promises `URL`). */
const LONGEST_URL = 2_048;

const isWebAddress = (url: string): boolean =>
  url.length <= LONGEST_URL && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

const webAddress = (url: string | null): string | null => (url !== null && isWebAddress(url) ? url : null);

const wholeNumber = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) || value < 0 ? null : Math.round(value);

/** As they are stored: addresses that are good for a while only are not. */
const storedFormats = ({ formats = [], hasTemporaryUrls = false }: EngineRecording): StoredFormat[] =>
  formats.slice(0, MOST_FORMATS).map(({ type, url, durationSeconds, sizeBytes, thumbnails }) => ({
    type,
    url: hasTemporaryUrls ? null : webAddress(url),
    durationSeconds: wholeNumber(durationSeconds),
    sizeBytes: wholeNumber(sizeBytes),
    thumbnails: hasTemporaryUrls ? [] : thumbnails.filter(isWebAddress).slice(0, MOST_THUMBNAILS),
  }));

const storedValues = (told: EngineRecording) => ({
  sessionId: told.sessionId,
  engineRecordingId: told.engineRecordingId,
  status: told.status,
  isPublished: told.isPublished,
  playbackUrl: told.hasTemporaryUrls ? null : webAddress(told.playbackUrl),
  durationSeconds: wholeNumber(told.durationSeconds),
  sizeBytes: wholeNumber(told.sizeBytes),
  formats: storedFormats(told),
  startedAt: told.startedAt ?? null,
  endedAt: told.endedAt ?? null,
  hasTemporaryUrls: told.hasTemporaryUrls ?? false,
});

/** What is known of a session, and of the recording so far. */
interface Known {
  session: Session;
  before: Recording | undefined;
}

async function changed(tx: Queries, told: EngineRecording, { session, before }: Known, now: Date) {
  if (told.isDeleted) return before && tx.recordings.markDeleted(before.id, now);
  return tx.recordings.note({
    ...storedValues(told),
    id: newId(),
    licenseId: session.licenseId,
    engine: session.engine,
    createdAt: now,
    updatedAt: now,
  });
}

/**
 * Recordings as their engine has them now, written with their events; told again unchanged, they make neither. One that
 * was deleted here stays deleted, and one of another engine's session is not taken.
 */
export async function noteIn(tx: Queries, engine: string, told: readonly EngineRecording[], now: Date): Promise<void> {
  const ids = told.map(({ engineRecordingId }) => engineRecordingId);
  const known = new Map((await tx.recordings.listOfEngine(engine, ids)).map((row) => [row.engineRecordingId, row]));
  for (const recording of told) {
    const session = await tx.sessions.findAnyones(recording.sessionId);
    if (session?.engine !== engine) continue;
    const before = known.get(recording.engineRecordingId);
    const after = await changed(tx, recording, { session, before }, now);
    if (!after) continue;
    known.set(after.engineRecordingId, after);
    const { status, isPublished } = after;
    await recordEvent({
      tx,
      type: "recording.changed",
      origin: originOf(recording.source),
      at: now,
      session,
      recording: after,
      facts: { source: recording.source, status, isPublished, change: changeOf(before, after) },
    });
  }
}

/** A recording of which an engine tells by itself. */
export const noteRecording = ({ storage, clock }: Services, engine: string, told: EngineRecording): Promise<void> =>
  storage.transaction((tx) => noteIn(tx, engine, [told], clock.now()));
