import { createHmac } from "node:crypto";
import { isSameSecret } from "./same-secret.js";

/** Where engines reach this gateway; each address has a part nobody can guess, and no row anywhere. */
export interface CallbackAddresses {
  /** @param path what the engine tells there; it comes back in the callback */
  of(engine: string, path: string): string;
  /** @param key the part nobody can guess, as it came */
  isOurs(engine: string, path: string, key: string): boolean;
}

export const CALLBACKS = "/engine-callbacks";

/**
 * Of the engine and of the kind of callback: some engines write the address of one kind into files that anybody may
 * read, which must not open the others.
 */
function digest(key: Buffer, engine: string, path: string): Buffer {
  const [kind = ""] = path.split("/", 1);
  return createHmac("sha256", key)
    .update(JSON.stringify([engine, kind]))
    .digest();
}

/**
 * @param keys the first is for new addresses; those made with the others are still good
 * @param base gives PUBLIC_URL without a slash at its end; asked late, because a free port is known only once listening
 */
export const callbackAddresses = (keys: readonly [Buffer, ...Buffer[]], base: () => string): CallbackAddresses => ({
  of: (engine, path) =>
    `${base()}${CALLBACKS}/${encodeURIComponent(engine)}/${digest(keys[0], engine, path).toString("base64url")}/${path}`,
  isOurs(engine, path, key) {
    const given = Buffer.from(key, "base64url");
    // Without a way out early: how far a guess was right must not be told by time.
    return keys.filter((each) => isSameSecret(digest(each, engine, path), given)).length > 0;
  },
});
