export type { Interval, Reach } from "./queries/conditions.js";
export * from "./database.js";
export type { DueSession } from "./queries/awaited-recordings.js";
export type { EventMark } from "./queries/events.js";
export type { DeletedPlace } from "./queries/forgetting.js";
export type { EngineChange, OpenRoom } from "./queries/engines.js";
export type { Living } from "./queries/instances.js";
export type { Queries } from "./queries/queries.js";
export type { WrittenMessage } from "./queries/messages.js";
export type { ShownNotes } from "./queries/notes.js";
export type { OpenSession, OverElsewhere } from "./queries/sessions.js";
export { sortKey } from "./sort-key.js";
// SQLite is the only database so far; with a second one, DATABASE_URL's beginning picks which of them is opened here.
export { isStorageUnavailable } from "./sqlite/faults.js";
export { type BackupMade, backUpDatabase } from "./sqlite/backup.js";
export { openStorage } from "./sqlite/open.js";
export { MadeFiles, narrow } from "./sqlite/private-files.js";
export type { Snapshot, Storage, StorageOptions } from "./storage.js";
export {
  BackupFailed,
  type BackupFault,
  CopyFailed,
  type CopyFault,
  DatabaseGone,
  DatabaseInUse,
  DatabaseTooNew,
  QueryTooSlow,
  StorageUnavailable,
} from "./unavailable.js";
