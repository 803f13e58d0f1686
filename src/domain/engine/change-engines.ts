import { latest } from "../../clock.js";
import type { EngineChange, EngineRow, License } from "../../storage/index.js";
import type { Services } from "../services.js";
import { type EngineOptions, readSecrets, sealSecrets } from "./stored-engine.js";

export interface NewEngine extends EngineOptions {
  name: string;
  kind: string;
  weight: number;
}

/** undefined when the name is taken. */
export async function addEngine(services: Services, given: NewEngine): Promise<EngineRow | undefined> {
  const { storage, clock } = services;
  const { name, kind, options, secrets, weight } = given;
  const now = clock.now();
  const sealedSecrets = sealSecrets(services, given, secrets);
  const row = { name, kind, options, sealedSecrets, weight, drainingAt: null, createdAt: now, updatedAt: now };
  return storage.transaction((tx) => tx.engines.insert(row));
}

export interface ChangedEngine extends Partial<EngineOptions> {
  weight?: number;
  isDraining?: boolean;
}

/** Sealed anew with today's secret where they can be read; else what is there stays, in case the secret comes back. */
function secretsOf(services: Services, row: EngineRow, given: EngineOptions["secrets"] = {}): Partial<EngineChange> {
  const known = readSecrets(services, row);
  if (!known && Object.keys(given).length === 0) return {};
  return { sealedSecrets: sealSecrets(services, row, { ...known, ...given }) };
}

/** Writes what is given and leaves the rest as it is. undefined when there is no such engine. */
export async function updateEngine(
  services: Services,
  name: string,
  change: ChangedEngine,
): Promise<EngineRow | undefined> {
  const { storage, clock } = services;
  const { options, secrets, weight, isDraining } = change;
  return storage.transaction(async (tx) => {
    const row = await tx.engines.find(name);
    if (!row) return undefined;
    const now = latest(clock.now(), row.updatedAt);
    const drainingAt = isDraining ? (row.drainingAt ?? now) : null;
    const changed = {
      ...secretsOf(services, row, secrets),
      ...(options && { options: { ...row.options, ...options } }),
      ...(weight !== undefined && { weight }),
      ...(isDraining !== undefined && { drainingAt }),
    };
    return tx.engines.update(name, changed, now);
  });
}

/** Who would miss an engine. */
export interface EngineUse {
  openSessions: number;
  licenses: Pick<License, "id" | "name">[];
}

/** Removed only where nobody would miss it. @returns who does; undefined when there is no such engine */
export async function removeEngine({ storage }: Services, name: string): Promise<EngineUse | undefined> {
  return storage.transaction(async (tx) => {
    if (!(await tx.engines.find(name))) return undefined;
    const openSessions = await tx.engines.countOpen(name);
    const licenses = await tx.engines.listLicenses(name);
    if (openSessions === 0 && licenses.length === 0) await tx.engines.remove(name);
    return { openSessions, licenses };
  });
}
