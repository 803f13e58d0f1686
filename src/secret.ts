import { hkdfSync, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const KEY_BYTES = 32;

export interface Secret {
  /** A key of its own for each purpose, so that one that leaks opens nothing else (HKDF, RFC 5869). */
  keyFor(purpose: "join-link" | "demo-license"): Buffer;
}

export const secretOf = (material: string): Secret => ({
  keyFor: (purpose) => Buffer.from(hkdfSync("sha256", material, "", `vconnct ${purpose}`, KEY_BYTES)),
});

/** The server's secret as configured, else the one kept in `dataDir`, made at the first start. */
export function openSecret({ secretKey, dataDir }: { secretKey: string | undefined; dataDir: string }): Secret {
  if (secretKey) return secretOf(secretKey);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, "secret.key");
  try {
    // Exclusive, so that of two processes starting at once both use the first one's.
    writeFileSync(file, randomBytes(KEY_BYTES).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return secretOf(readFileSync(file, "utf8").trim());
}
