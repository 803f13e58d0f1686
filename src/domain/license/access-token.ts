import { newId } from "../../ids.js";
import type { Caller } from "../caller.js";
import { checkEntries, checkId, refuseIssues, storedId } from "../checks.js";
import { recordEvent } from "../events/events.js";
import { hashKey, licenseDenial, recall, type Recognized } from "./license.js";
import { type Issue, Refusal, type RefusalCode } from "../refusal.js";
import type { AccessScope } from "./scopes.js";
import type { Services } from "../services.js";

export interface CreateAccessToken {
  scopes: readonly AccessScope[];
  /** Limits the token to one meeting, its sessions and recordings. */
  meetingId?: string | null | undefined;
  expiresInSeconds: number;
}

export interface CreatedAccessToken {
  tokenId: string;
  /** In this answer and nowhere else. */
  token: string;
  scopes: AccessScope[];
  expiresAt: Date;
}

export const createAccessTokenRefusals = ["INVALID_INPUT", "NOT_FOUND"] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(createAccessTokenRefusals);

/** In seconds. */
export const tokenLifetime = { least: 60, most: 86_400 } as const;

function checkToken({ scopes, meetingId, expiresInSeconds }: CreateAccessToken): void {
  const { least, most } = tokenLifetime;
  const outside = expiresInSeconds < least || expiresInSeconds > most;
  const range: Issue = {
    path: ["expiresInSeconds"],
    code: "OUT_OF_RANGE",
    key: "fault.outOfRange",
    facts: { least, most },
  };
  refuseIssues(
    refuse,
    scopes.length === 0 ? [{ path: ["scopes"], code: "REQUIRED", key: "fault.required" }] : [],
    checkEntries(["scopes"], scopes),
    outside ? [range] : [],
    checkId(["meetingId"], meetingId),
  );
}

/** A JWT counts in these: what is answered, stored and signed must be the same instant. */
const wholeSeconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** @throws Refusal of `createAccessTokenRefusals` */
export async function createAccessToken(
  { storage, clock, tokens }: Services,
  caller: Caller,
  input: CreateAccessToken,
): Promise<CreatedAccessToken> {
  checkToken(input);
  const now = clock.now();
  // What is signed is read by the wall clock, and not only here (RFC 7519).
  const issuedAt = clock.wall();
  const expiresAt = new Date((wholeSeconds(issuedAt) + input.expiresInSeconds) * 1000);
  const licenseId = caller.license.id;
  const scopes = [...new Set(input.scopes)].toSorted();
  const row = await storage.transaction(async (tx) => {
    const meetingId = input.meetingId == null ? null : storedId(input.meetingId);
    if (meetingId && !(await tx.meetings.find(caller.reach, meetingId))) {
      throw refuse("NOT_FOUND", { resource: "MEETING" });
    }
    const made = await tx.accessTokens.insert({ id: newId(), licenseId, scopes, meetingId, createdAt: now, expiresAt });
    await recordEvent({
      tx,
      type: "access_token.created",
      origin: caller,
      at: now,
      licenseId,
      facts: { tokenId: made.id, scopes },
    });
    return made;
  });
  const token = await tokens.sign({ tokenId: row.id, licenseId, issuedAt, expiresAt });
  return { tokenId: row.id, token, scopes, expiresAt };
}

export const revokeAccessTokenRefusals = ["INVALID_INPUT", "NOT_FOUND"] as const satisfies readonly RefusalCode[];
const refuseRevoking = Refusal.outOf(revokeAccessTokenRefusals);

/**
 * It stops working with the next request, and its sockets close within seconds.
 * @throws Refusal of `revokeAccessTokenRefusals`
 */
export async function revokeAccessToken(
  { storage, clock }: Services,
  caller: Caller,
  tokenId: string,
): Promise<string> {
  refuseIssues(refuseRevoking, checkId(["tokenId"], tokenId));
  const licenseId = caller.license.id;
  const now = clock.now();
  return storage.transaction(async (tx) => {
    const id = storedId(tokenId);
    const known = await tx.accessTokens.find(id);
    if (!(await tx.accessTokens.revoke(licenseId, id, now))) {
      throw refuseRevoking("NOT_FOUND", { resource: "ACCESS_TOKEN" });
    }
    // Said again it is no news.
    if (!known?.revokedAt) {
      const facts = { tokenId: id };
      await recordEvent({ tx, type: "access_token.revoked", origin: caller, at: now, licenseId, facts });
    }
    return id;
  });
}

/** Whose token this is, as it is now; likewise what was revoked. */
export async function authenticateToken(services: Services, token: string): Promise<Recognized> {
  // Apart from keys: a token in a key's place lets nobody in.
  const hash = `token ${hashKey(token)}`;
  return recall(services, hash) ?? services.knownCallers.read(hash, () => readCaller(services, token));
}

async function readCaller(services: Services, token: string): Promise<Recognized> {
  const { storage, clock, tokens } = services;
  const signed = await tokens.verify(token, clock.wall());
  if (signed === "INVALID") return { denied: "TOKEN_INVALID" };
  if (signed === "EXPIRED") return { denied: "TOKEN_EXPIRED" };
  const row = await storage.read.accessTokens.find(signed.tokenId);
  const license = row && (await storage.read.licenses.find(row.licenseId));
  if (!license) return { denied: "TOKEN_INVALID" };
  if (row.revokedAt) return { denied: "TOKEN_REVOKED" };
  const denied = licenseDenial(license, services);
  if (denied) return { denied };
  return {
    license,
    reach: { licenseId: license.id, meetingId: row.meetingId },
    grant: { tokenId: row.id, scopes: new Set(row.scopes as AccessScope[]) },
    until: row.expiresAt,
  };
}
