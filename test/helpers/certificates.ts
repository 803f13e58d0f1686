import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** What is signed in X.509 is DER: a kind, a length, and what it holds. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function der(kind: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([kind, ...head]), content]);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const text = (value: string) => der(0x0c, Buffer.from(value));
const bytes = (...values: number[]) => Buffer.from(values);
const octets = (...parts: Uint8Array[]) => der(0x04, ...parts);
const time = (at: Date) =>
  der(
    0x18,
    Buffer.from(
      `${at
        .toISOString()
        .replace(/[-:T]|\.\d+/g, "")
        .slice(0, 14)}Z`,
    ),
  );

const COMMON_NAME = der(0x06, bytes(0x55, 0x04, 0x03));
const BASIC_CONSTRAINTS = der(0x06, bytes(0x55, 0x1d, 0x13));
const ALTERNATIVE_NAME = der(0x06, bytes(0x55, 0x1d, 0x11));
const ECDSA_WITH_SHA256 = sequence(der(0x06, bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)));
const YES = der(0x01, bytes(255));
const DAY = 24 * 60 * 60 * 1000;

const named = (name: string) => sequence(der(0x31, sequence(COMMON_NAME, text(name))));
const pem = (kind: string, content: Buffer) =>
  `-----BEGIN ${kind}-----\n${content.toString("base64").replace(/.{64}/g, "$&\n").trimEnd()}\n-----END ${kind}-----\n`;

function alternativeName(host: string): Buffer {
  const address = isIP(host) ? der(0x87, bytes(...host.split(".").map(Number))) : der(0x82, Buffer.from(host));
  return sequence(ALTERNATIVE_NAME, octets(sequence(address)));
}

interface Subject {
  name: string;
  key: KeyObject;
  extension: Buffer;
}

function certificate(subject: Subject, issuer: { name: string; key: KeyObject }): string {
  const now = Date.now();
  const told = sequence(
    der(0xa0, der(0x02, bytes(2))),
    der(0x02, Buffer.concat([bytes(1), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    named(issuer.name),
    sequence(time(new Date(now - DAY)), time(new Date(now + DAY))),
    named(subject.name),
    subject.key.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(subject.extension)),
  );
  const signed = sign("sha256", told, issuer.key);
  return pem("CERTIFICATE", sequence(told, ECDSA_WITH_SHA256, der(0x03, bytes(0), signed)));
}

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

/** An authority of its own, which nobody trusts who was not told to. */
export function newAuthority() {
  const own = newKeys();
  const name = `authority ${randomBytes(4).toString("hex")}`;
  const extension = sequence(BASIC_CONSTRAINTS, YES, octets(sequence(YES)));
  return {
    certificate: certificate({ name, key: own.publicKey, extension }, { name, key: own.privateKey }),
    /** For a server of this name, and no other. */
    issue(host: string): { certificate: string; key: string } {
      const { publicKey, privateKey } = newKeys();
      const subject = { name: host, key: publicKey, extension: alternativeName(host) };
      const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      return { certificate: certificate(subject, { name, key: own.privateKey }), key };
    },
  };
}
