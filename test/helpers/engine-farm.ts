import { vi } from "vitest";
import { addEngine } from "../../src/domain/engine/change-engines.js";
import type { Services } from "../../src/domain/services.js";
import type { EngineSetting } from "../../src/engine/engine.js";
import { engineKinds } from "../../src/engine/index.js";
import type { EngineKind } from "../../src/engine/kind.js";
import { openServices } from "../../src/services.js";
import { type BootOptions, type Gateway, testConfig } from "./boot.js";
import { testEngine } from "./test-engine.js";

export const FARM_SECRET = "the-farm's-own-secret";

/** Soon, and yet not so soon that a busy machine takes a healthy engine for one that is away. */
export const farmTimings = { sweep: 20, engineCheck: 100, engineLoad: 50 };

const plain = (text: string): string => text;

/**
 * Conference servers by the addresses that their engines have as an option, of a sort of engine of their own; and the
 * operator, who adds them in another process.
 */
export function engineFarm<const Name extends string>(names: readonly Name[]) {
  const servers = Object.fromEntries(names.map((name) => [name, testEngine()])) as Record<
    Name,
    ReturnType<typeof testEngine>
  >;
  const opened: Record<string, string>[] = [];
  const closed: string[] = [];
  const farm: EngineKind = {
    options: {
      url: { description: "where it is", isRequired: true, read: plain },
      secret: { description: "what it asks for", isRequired: true, isSecret: true, read: plain },
    },
    open(setting: EngineSetting, options) {
      const { url = "" } = options;
      const server = servers[url as Name];
      if (!server) throw new Error("nobody is there");
      opened.push({ name: setting.name, ...options });
      return { ...server.open(setting), close: async () => void closed.push(setting.name) };
    },
  };
  const kinds: Record<string, EngineKind> = { ...engineKinds, farm };
  const log = { warn() {}, error() {} };

  /** Does something as `vconnct` would, beside the server. */
  const beside = async <T>(
    { folder }: Pick<Gateway, "folder">,
    work: (services: Services) => Promise<T>,
    env: Record<string, string> = {},
  ): Promise<T> => {
    const { services } = await openServices(testConfig(folder, env), { exclusive: false, log, kinds });
    return work(services).finally(() => services.storage.close());
  };

  return {
    servers,
    /** With what each engine was opened, in the servers' processes. */
    opened,
    /** Names of engines that were closed. */
    closed,
    beside,
    options: { kinds, timings: farmTimings } satisfies BootOptions,
    /** Adds these and waits until the server knows that they answer. @param weights 1 where none is named */
    async join(gateway: Gateway, weights: Partial<Record<Name, number>> = {}, env: Record<string, string> = {}) {
      await beside(
        gateway,
        async (services) => {
          for (const name of names) {
            const engine = { name, kind: "farm", options: { url: name }, secrets: { secret: FARM_SECRET } };
            await addEngine(services, { ...engine, weight: weights[name] ?? 1 });
          }
        },
        env,
      );
      const { pool } = gateway.opened.services;
      await vi.waitUntil(() => pool.states().filter(({ answers }) => answers).length >= names.length);
    },
  };
}
