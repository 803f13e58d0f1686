// By its part, as in the token signer.
import { compactVerify } from "jose/jws/compact/verify";
import type { Callback, Reports } from "../../engine.js";

/** The server's scripts take HS256; a Scalelite that knows no sha256 takes HS512. */
const algorithms = ["HS256", "HS512"];

/** What one of the secrets signed; undefined where none did. No time stands in it, so none is looked at. */
async function verified(token: string, secrets: readonly string[]): Promise<Uint8Array | undefined> {
  for (const secret of secrets) {
    const key = new TextEncoder().encode(secret);
    const found = await compactVerify(token, key, { algorithms }).catch(() => undefined);
    if (found) return found.payload;
  }
  return undefined;
}

/** The room's id, which is the session's; undefined where it names none. */
function sessionIn(payload: Uint8Array): string | undefined {
  try {
    const { meeting_id: id } = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A recording is ready: `signed_parameters` of the form is a JWT with the room's id, signed with the API's secret. It
 * comes once for each format, or never, so it is a hint: whatever there is is then asked for.
 * @returns 401 where no secret fits, so that a load balancer tries its next one; 410 where there is no such session any
 * more, or its meeting was deleted
 */
export async function recordingReady(
  { body }: Pick<Callback, "body">,
  { secrets, reports }: { secrets: readonly string[]; reports: Pick<Reports, "recordingsChanged"> },
): Promise<{ status: number }> {
  const token = new URLSearchParams(body.toString("utf8")).get("signed_parameters");
  const payload = token === null ? undefined : await verified(token, secrets);
  if (!payload) return { status: 401 };
  const sessionId = sessionIn(payload);
  if (sessionId === undefined) return { status: 400 };
  return { status: (await reports.recordingsChanged(sessionId)) ? 200 : 410 };
}
