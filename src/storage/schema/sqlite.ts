/** Every table on SQLite: what partners have, and what belongs to the ways they call. */
export * from "./calls.js";
export type { LicenseId, StoredFormat, StoredSettings } from "./columns.js";
export * from "./core.js";
export * from "./days.js";
export * from "./engines.js";
export * from "./elsewhere.js";
export * from "./recordings.js";
export * from "./recording-runs.js";
export * from "./messages.js";
export * from "./notes.js";
