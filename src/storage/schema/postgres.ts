/** Every table on PostgreSQL: the names and the rows of SQLite's. */
export * from "./postgres/calls.js";
export type { LicenseId, StoredFormat, StoredSettings } from "./columns.js";
export * from "./postgres/core.js";
export * from "./postgres/days.js";
export * from "./postgres/engines.js";
export * from "./postgres/elsewhere.js";
export * from "./postgres/recordings.js";
export * from "./postgres/recording-runs.js";
export * from "./postgres/messages.js";
export * from "./postgres/notes.js";
