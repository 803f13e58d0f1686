import { createHash } from "node:crypto";
import { isSameSecret } from "../../../same-secret.js";
import type { Callback } from "../../engine.js";

/** The server's setting decides, so it is told by the length alone. */
const algorithms: Readonly<Record<number, string>> = { 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512" };

/** The address as it was registered, and the checksum that was appended to it. */
function taken(url: string): { address: string; checksum: string } | undefined {
  const found = /^(.*)[?&]checksum=([0-9a-fA-F]+)$/s.exec(url);
  return found ? { address: found[1] ?? "", checksum: (found[2] ?? "").toLowerCase() } : undefined;
}

/** bbb-webhooks up to 2.6: the fields as JSON, in this order, the instant a number. */
function asJson(body: string): string {
  const fields = new URLSearchParams(body);
  const [event, timestamp, domain] = ["event", "timestamp", "domain"].map((name) => fields.get(name) ?? "");
  return JSON.stringify({ event, timestamp: Number(timestamp), domain });
}

export interface Proof {
  secrets: readonly string[];
  /** bbb-webhooks 3.0 to 3.3 made the checksum of nothing that is said: whoever has one has them all. */
  takesConstant: boolean;
}

/**
 * Whether a webhook comes from who knows a secret; asked of the bytes as they came, before anything is read in them. The
 * checksum is of the address and the body (bbb-webhooks from 3.4 on) or its fields (up to 2.6); where the server is set
 * so, the secret itself is said instead.
 */
export function isSigned({ url, headers, body }: Pick<Callback, "url" | "headers" | "body">, proof: Proof): boolean {
  const { secrets, takesConstant } = proof;
  const { authorization } = headers;
  if (authorization !== undefined) return secrets.some((secret) => isSameSecret(`Bearer ${secret}`, authorization));
  const found = taken(url);
  const algorithm = found && algorithms[found.checksum.length];
  if (!found || !algorithm) return false;
  const text = body.toString("utf8");
  const forms = [text, asJson(text), ...(takesConstant ? ["{}"] : [])];
  const digest = (form: string, secret: string) =>
    createHash(algorithm)
      .update(found.address + form + secret, "utf8")
      .digest("hex");
  return secrets.some((secret) => forms.some((form) => isSameSecret(digest(form, secret), found.checksum)));
}
