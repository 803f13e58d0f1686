import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticateToken } from "../domain/license/access-token.js";
import type { LetIn } from "../domain/license/known-callers.js";
import { authenticate, hashKey, recall, type Recognized } from "../domain/license/license.js";
import type { Services } from "../domain/services.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Answers "who is it" for a door to use; it refuses nobody by itself. */
    caller: Recognized;
  }
}

/** What a request, or a socket's first message, shows of its caller. */
export interface Credentials {
  license?: string | undefined;
  accessToken?: string | undefined;
}

/** A key and a token in one request: which of them is meant can't be known. */
export class TwoCredentials extends Error {
  override readonly name = "TwoCredentials";
  readonly statusCode = 400;
}

/** @throws TwoCredentials */
export async function recognize(services: Services, { license, accessToken }: Credentials): Promise<Recognized> {
  if (license !== undefined && accessToken !== undefined) throw new TwoCredentials("a license key and an access token");
  return accessToken === undefined ? authenticate(services, license) : authenticateToken(services, accessToken);
}

/** Likewise on a line that was open before: as it is now, also where another server changed it. @throws TwoCredentials */
export async function recognizeNow(services: Services, credentials: Credentials): Promise<Recognized> {
  await services.neighbours.heardAll();
  return recognize(services, credentials);
}

/** Who shows this key, where that is known without a look at the database. @throws what such a look would throw */
export const recognizeAtOnce = (services: Services, license: string): LetIn | undefined =>
  recall(services, hashKey(license));

const licenseOf = ({ headers }: FastifyRequest): string | undefined => {
  const value = headers["license"];
  return typeof value === "string" ? value : undefined;
};

/** RFC 6750, 2.1; another scheme is meant for a proxy before us. */
const bearerOf = ({ headers }: FastifyRequest): string | undefined =>
  /^bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];

/** What the request's headers show. */
export const credentialsOf = (request: FastifyRequest): Credentials => ({
  license: licenseOf(request),
  accessToken: bearerOf(request),
});

/** Reads the `license` header of every request below `app` and, where `tokens`, `Authorization: Bearer`. */
export function recognizeCaller(app: FastifyInstance, services: Services, { tokens }: { tokens: boolean }): void {
  app.decorateRequest("caller", null as never);
  app.addHook("onRequest", (request, _reply, done) => {
    const note = (caller: Recognized) => {
      request.caller = caller;
      done();
    };
    const { license, accessToken } = credentialsOf(request);
    const shown = { license, accessToken: tokens ? accessToken : undefined };
    try {
      const known = license !== undefined && !shown.accessToken && recognizeAtOnce(services, license);
      if (known) note(known);
      else recognize(services, shown).then(note, done);
    } catch (error) {
      done(error as Error);
    }
  });
}
