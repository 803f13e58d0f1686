import type { Sealing } from "../../sealing.js";
import type { EngineRow } from "../../storage/index.js";

/** What an operator gives an engine, by the names of its kind's options. */
export interface EngineOptions {
  options: Record<string, string>;
  secrets: Record<string, string>;
}

const about = ({ name, kind }: Pick<EngineRow, "name" | "kind">) => [name, kind];

/** As the row keeps them; null where there are none. */
export function sealSecrets(
  { sealing }: { sealing: Sealing },
  of: Pick<EngineRow, "name" | "kind">,
  secrets: EngineOptions["secrets"],
): string | null {
  return Object.keys(secrets).length === 0 ? null : sealing.seal(JSON.stringify(secrets), about(of));
}

/** undefined where neither today's SECRET_KEY nor one before it reads them. */
export function readSecrets(
  { sealing }: { sealing: Sealing },
  row: Pick<EngineRow, "name" | "kind" | "sealedSecrets">,
): EngineOptions["secrets"] | undefined {
  if (row.sealedSecrets === null) return {};
  const text = sealing.unseal(row.sealedSecrets, about(row));
  return text === undefined ? undefined : (JSON.parse(text) as EngineOptions["secrets"]);
}
