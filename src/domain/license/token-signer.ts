import { createHash } from "node:crypto";
// By its parts: the whole of it takes longer to load than all of the domain.
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { JWTExpired } from "jose/errors";
import { SignJWT } from "jose/jwt/sign";
import { jwtVerify } from "jose/jwt/verify";

export interface TokenSigner {
  sign(claims: { tokenId: string; licenseId: string; issuedAt: Date; expiresAt: Date }): Promise<string>;
  /** The id of the token's row; why not, otherwise. */
  verify(token: string, now: Date): Promise<{ tokenId: string } | "INVALID" | "EXPIRED">;
}

/** HS256: who signs and who verifies is the same server. `typ` keeps a token from passing for another kind (RFC 8725). */
const algorithm = "HS256";
const type = "vconnct-access+jwt";

const keyId = (key: Buffer): string => createHash("sha256").update(key).digest("base64url").slice(0, 12);

/**
 * Signs with the first key and verifies with each, so that a new secret does not end the tokens made with the one
 * before it: `kid` says which.
 */
export function tokenSigner(keys: readonly Buffer[]): TokenSigner {
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const [current] = keys;
  if (!current) throw new Error("a signer needs a key");

  function keyOf(token: string): Buffer | undefined {
    try {
      return byId.get(decodeProtectedHeader(token).kid ?? "");
    } catch {
      return undefined;
    }
  }

  return {
    sign: ({ tokenId, licenseId, issuedAt, expiresAt }) =>
      new SignJWT()
        .setProtectedHeader({ alg: algorithm, typ: type, kid: keyId(current) })
        .setJti(tokenId)
        .setSubject(licenseId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(current),
    async verify(token, now) {
      const key = keyOf(token);
      if (!key) return "INVALID";
      try {
        const options = { algorithms: [algorithm], typ: type, currentDate: now, requiredClaims: ["jti", "exp"] };
        const { payload } = await jwtVerify(token, key, options);
        return { tokenId: String(payload.jti) };
      } catch (error) {
        return error instanceof JWTExpired ? "EXPIRED" : "INVALID";
      }
    },
  };
}
