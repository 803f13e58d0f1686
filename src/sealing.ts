import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps what is secret in the database, to be read with the server's secret only. */
export interface Sealing {
  /** @param about what it belongs to: it can be opened as that, and as nothing else */
  seal(text: string, about: readonly string[]): string;
  /** undefined where it was sealed with another secret than ours and those before, as something else, or was changed */
  unseal(sealed: string, about: readonly string[]): string | undefined;
}

const asData = (about: readonly string[]): Buffer => Buffer.from(JSON.stringify(about));

function open(key: Buffer, sealed: Buffer, about: readonly string[]): string | undefined {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(asData(about)).setAuthTag(tag);
    return cipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, "utf8") + cipher.final("utf8");
  } catch {
    return undefined;
  }
}

/**
 * AES-256-GCM with a nonce of its own each time: nonce, tag and text, as base64url.
 * @param keys of today's secret, with which it seals, and of those before
 */
export function openSealing(keys: readonly [Buffer, ...Buffer[]]): Sealing {
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, keys[0], nonce, { authTagLength: TAG_BYTES }).setAAD(asData(about));
      const hidden = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64url");
    },
    unseal(sealed, about) {
      const bytes = Buffer.from(sealed, "base64url");
      for (const key of keys) {
        const text = open(key, bytes, about);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}
