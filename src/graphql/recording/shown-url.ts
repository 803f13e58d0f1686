import { type AsEngineHas, EngineNotAsked } from "../../domain/recording/temporary-urls.js";
import type { Recording as RecordingRow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { fault } from "../run/codes.js";

/** What tells whether an address may be shown, and whom to ask for one that is not stored. */
export const whatIsShown = [
  "id",
  "sessionId",
  "engine",
  "engineRecordingId",
  "status",
  "isPublished",
  "hasTemporaryUrls",
] as const satisfies readonly (keyof RecordingRow)[];

export type ShownRow = Pick<RecordingRow, (typeof whatIsShown)[number]>;

export const isShown = ({ status, isPublished }: ShownRow): boolean => status === "READY" && isPublished;

/**
 * An address to play it: the stored one, or the engine's at this moment.
 * @throws GraphQLError ENGINE_FAILED where the engine does not tell
 */
export function shownUrl(
  row: ShownRow,
  { loaders, say }: Context,
  stored: string | null,
  ofEngine: (now: AsEngineHas) => string | null | undefined,
): string | null | Promise<string | null> {
  if (!isShown(row)) return null;
  if (!row.hasTemporaryUrls) return stored;
  return loaders.atEngine.load(row).then(
    (now) => (now?.isPublished ? (ofEngine(now) ?? null) : null),
    (error: unknown) => {
      const isLasting = error instanceof EngineNotAsked && !error.retryable;
      throw fault("ENGINE_FAILED", say(`refusal.ENGINE_FAILED.${isLasting ? "LASTING" : "PASSING"}`));
    },
  );
}
