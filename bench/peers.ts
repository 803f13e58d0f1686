import { fileURLToPath } from "node:url";

/** Where a name in the table leads: the program that is started, and what it is told besides what all are told. */
export interface Peer {
  script: string;
  env?: Record<string, string>;
  /** So many on PostgreSQL, in one database of their own. */
  onPostgres?: number;
  /** HAProxy stands in front of them. */
  isProxied?: boolean;
}

const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const gateway = built("../main.js");

export const peers = {
  gateway: { script: gateway },
  /** Every read is the first one: nothing is answered from what was answered before. */
  uncached: { script: gateway, env: { ANSWER_CACHE_MB: "0" } },
  postgres: { script: gateway, onPostgres: 1 },
  postgresUncached: { script: gateway, env: { ANSWER_CACHE_MB: "0" }, onPostgres: 1 },
  two: { script: gateway, onPostgres: 2 },
  twoUncached: { script: gateway, env: { ANSWER_CACHE_MB: "0" }, onPostgres: 2 },
  proxied: { script: gateway, env: { TRUST_PROXY: "on" }, onPostgres: 2, isProxied: true },
  proxiedUncached: {
    script: gateway,
    env: { TRUST_PROXY: "on", ANSWER_CACHE_MB: "0" },
    onPostgres: 2,
    isProxied: true,
  },
  raw: { script: built("peers/raw.js") },
  /** Mercurius with JIT on our schema and our storage, and on a few fields written by hand. */
  handmade: { script: built("peers/handmade.js") },
  mercurius: { script: built("peers/mercurius.js") },
  apollo: { script: built("peers/apollo.js") },
  bare: { script: built("peers/bare.js") },
  sofa: { script: built("peers/sofa.js") },
} satisfies Record<string, Peer>;

export type PeerName = keyof typeof peers;

/** The ones that are us: the others are judged by their answers, and we by theirs. */
export const isOurs = (name: PeerName): boolean => peers[name].script === gateway;

export const isProxied = (name: PeerName): boolean => (peers[name] as Peer).isProxied ?? false;
