/** What no log may ever hold (link-5), however it came there: keys, tokens, a link's checksum, an address with its query. */
const shapes = {
  "a license key": /vc_[\w-]{43}/g,
  "an access token": /eyJ[\w-]{16,}\.[\w-]+\.[\w-]+/g,
  "a join link": /checksum=\w+/gi,
  "an address with its query": /\/[\w./-]*\?[\w.%-]+=/g,
};

const passwords = /password\\?"?\s*:\s*\\?"((?:[^"\\]|\\[^"])+)/gi;

/** A short one would be found in every line, so it is looked for where it stands alone. */
const LONG = 8;

/** Takes a server's log, hears what its callers send and get, and finds what of that is in the log. */
export class SecretKeeper {
  #log = "";
  readonly #passwords = new Set<string>();

  /** Where a server logs to. */
  readonly stream = { write: (line: string) => void (this.#log += line) };

  log(): string {
    return this.#log;
  }

  /** A body that goes over the line, either way. */
  hear(text: string): void {
    for (const [, password = ""] of text.matchAll(passwords)) this.#passwords.add(password);
  }

  /** @throws Error that names what stands in the log, with its line */
  check(text = this.#log): void {
    const found = Object.entries(shapes).flatMap(([what, shape]) =>
      [...text.matchAll(shape)].map(({ index }) => `${what}: ${lineAt(text, index)}`),
    );
    for (const password of this.#passwords) {
      const at = text.indexOf(password.length < LONG ? `"${password}"` : password);
      if (at >= 0) found.push(`a password: ${lineAt(text, at)}`);
    }
    if (found.length > 0) throw new Error(`in the log stands ${found.slice(0, 3).join("\n")}`);
  }
}

const lineAt = (text: string, at: number): string =>
  text.slice(text.lastIndexOf("\n", at) + 1, text.indexOf("\n", at) < 0 ? undefined : text.indexOf("\n", at));
