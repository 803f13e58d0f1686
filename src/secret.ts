import { hkdfSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.js";
import { type MadeFiles, narrow } from "./storage/index.js";

const KEY_BYTES = 32;

export class UnusableSecret extends Error {
  override readonly name = "UnusableSecret";
}

export interface Secret {
  /** A key of its own for each purpose, so that one that leaks opens nothing else (HKDF, RFC 5869). */
  keyFor(purpose: Purpose): Buffer;
  /** The same and, after it, those of the secrets before: what they signed stays good. */
  keysFor(purpose: Purpose): [Buffer, ...Buffer[]];
  /** Made just now, and kept in `dataDir`. */
  readonly isNew: boolean;
}

type Purpose =
  | "server"
  | "join-link"
  | "demo-license"
  | "access-token"
  | "idempotency"
  | "engine-callback"
  | "engine-secret"
  | "recording";

const derive = (material: string, purpose: Purpose): Buffer =>
  Buffer.from(hkdfSync("sha256", material, "", `vconnct ${purpose}`, KEY_BYTES));

const secretOf = (material: string, previous: readonly string[], isNew = false): Secret => ({
  isNew,
  keyFor: (purpose) => derive(material, purpose),
  keysFor: (purpose) => [derive(material, purpose), ...previous.map((old) => derive(old, purpose))],
});

type SecretSource = Pick<Config, "secretKey" | "previousSecretKeys" | "dataDir">;

const fileOf = ({ dataDir }: SecretSource): string => join(dataDir, "secret.key");

function readFrom(file: string): string {
  const material = readFileSync(file, "utf8").trim();
  if (Buffer.byteLength(material) < KEY_BYTES) {
    throw new UnusableSecret(`${file} holds no secret: restore it, or delete it for a new one (old join links end)`);
  }
  return material;
}

/**
 * Looks at the kept secret and makes none, so that a bad one is told before anything else is made.
 * @throws UnusableSecret
 */
export function demandUsableSecret(source: SecretSource): void {
  if (!source.secretKey && existsSync(fileOf(source))) readFrom(fileOf(source));
}

/**
 * The server's secret as configured, else the one kept in `dataDir`, made at the first start.
 * @param made is told of the files made
 * @throws UnusableSecret when the file holds none: keys derived from nothing would be everybody's
 */
export function openSecret(source: SecretSource, made: MadeFiles): Secret {
  const { secretKey, previousSecretKeys, dataDir } = source;
  if (secretKey) return secretOf(secretKey, previousSecretKeys);
  made.folder(dataDir);
  const file = fileOf(source);
  let isNew = false;
  try {
    // Exclusive, so that of two processes starting at once both use the first one's.
    writeFileSync(file, randomBytes(KEY_BYTES).toString("base64url"), { mode: 0o600, flag: "wx" });
    made.note(file);
    isNew = true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const material = readFrom(file);
  narrow(file);
  return secretOf(material, previousSecretKeys, isNew);
}
