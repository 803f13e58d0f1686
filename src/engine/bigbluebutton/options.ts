import { Wrong } from "../../variables.js";
import type { EngineOption } from "../kind.js";
import type { Access } from "./client.js";
import { type Checksum, checksums, type Flavour, type FlavourName, flavours } from "./flavours.js";

const flavourNames = Object.keys(flavours) as FlavourName[];

/** What `bbb-conf --secret` prints, or what people make of it: with or without `/api`, with or without a last slash. */
function readUrl(text: string): string {
  const isWeb = URL.canParse(text) && /^https?:\/\//i.test(text) && !/[?#]/.test(text);
  const url = isWeb ? new URL(text) : undefined;
  if (!url || url.username !== "" || url.password !== "") {
    throw new Wrong(
      "must be the http or https address of the server's API, for example https://bbb.example.com/bigbluebutton/",
    );
  }
  return `${url.href.replace(/\/+$/, "").replace(/\/api$/, "")}/api/`;
}

function readSecret(text: string): string {
  if (/\s/.test(text) || text === "") throw new Wrong("must be the server's shared secret, without spaces");
  return text;
}

const oneOf =
  (words: readonly string[]) =>
  (text: string): string => {
    if (!words.includes(text)) throw new Wrong(`must be one of ${words.join(", ")}`);
    return text;
  };

export const options = {
  url: {
    description: "the address of the server's API, as `bbb-conf --secret` prints it",
    isRequired: true,
    read: readUrl,
  },
  secret: {
    description: "the secret that the server shares with those who may use its API",
    isRequired: true,
    isSecret: true,
    read: readSecret,
  },
  checksum: {
    description: `how calls are signed: ${checksums.join(", ")}; sha256 by default, sha1 with PlugNmeet, which takes no other`,
    read: oneOf(checksums),
  },
  flavour: {
    description: `which server it is: ${flavourNames.join(", ")}`,
    byDefault: "bigbluebutton",
    read: oneOf(flavourNames),
  },
  webhooks: {
    description:
      "`unsigned` takes what bbb-webhooks 3.0 to 3.3 tells, whose checksum covers nothing of it: then only the secret part of the address protects it",
    byDefault: "signed",
    read: oneOf(["signed", "unsigned"]),
  },
} satisfies Record<string, EngineOption>;

type Read = Readonly<Record<string, string>>;

export const flavourOf = (read: Read): Flavour =>
  flavours[(read["flavour"] as FlavourName | undefined) ?? "bigbluebutton"];

/** A checksum that this server does not take. */
export function contradiction(read: Read): { option: string; what: string } | undefined {
  const { checksums: taken, title } = flavourOf(read);
  const wanted = read["checksum"];
  if (wanted === undefined || (taken as readonly string[]).includes(wanted)) return undefined;
  return { option: "checksum", what: `must be one of ${taken.join(", ")}: ${title} takes no other` };
}

export const accessOf = (read: Read): Access => ({
  base: read["url"] ?? "",
  secret: read["secret"] ?? "",
  checksum: (read["checksum"] as Checksum | undefined) ?? flavourOf(read).checksums[0] ?? "sha256",
});
