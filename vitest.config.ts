import { existsSync, statfsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig, type Plugin } from "vitest/config";
import { BaseSequencer, type Reporter, type TestSpecification } from "vitest/node";
import { notOnBoth } from "./test/helpers/not-on-both.js";
import { PATIENCE_MS } from "./test/helpers/patience-ms.js";

// Vite would load graphql's .mjs for our files while libraries load its CommonJS: two copies, "another module or realm".
const graphql = createRequire(import.meta.url).resolve("graphql");

/**
 * Files in memory, where Linux offers room for them: a thousand tests make a thousand databases and flush each write to
 * the disk, which is what most of them would wait for. The calls are the same ones; nothing here pulls a plug.
 */
function temporaryFiles(): { TMPDIR?: string } {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize > 2 * 2 ** 30 ? { TMPDIR: "/dev/shm" } : {};
  } catch {
    return {};
  }
}

/** One line that says how it went, for people and for whatever reads a run's end. */
const closingLine: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    process.on("exit", () => {
      process.stdout.write(
        `\n${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped\n`,
      );
    });
  },
};

/** Files that wait for browsers and processes; they take longest. */
const isSlow = ({ moduleId }: TestSpecification): boolean =>
  /\/test\/(?:browser|bench|cli|postgres|start)\/|\/(?:crash|landing|large|readme|refusals)\.test\.ts$/.test(moduleId);

/**
 * What keeps browsers busy on both cores for half a minute a file: sound and pictures that are really made and decoded, the
 * audit of every state of the room, the console's megabytes of script. They run by themselves, one after the other
 * (`npm run test:busy`): beside them, nothing else would be in time.
 */
const BUSY = "test/**/busy/**/*.test.ts";

interface Run {
  include?: string;
  exclude?: string[];
  maxWorkers?: number;
}
const runs: Record<string, Run> = {
  busy: { include: BUSY, maxWorkers: 1 },
  // Of the busy ones, what is stored most; sound and picture themselves come near no database.
  "busy-postgres": { include: "test/browser/busy/recording.test.ts", maxWorkers: 1 },
  postgres: { exclude: [BUSY, ...Object.keys(notOnBoth).flatMap((path) => [path, `${path}/**`])] },
};
/** Which run it is; all that is not busy, where nothing is said. */
const run = runs[process.env["TEST_ON"] ?? ""] ?? { exclude: [BUSY] };
const { include = "test/**/*.test.ts", exclude = [], maxWorkers } = run;

/** Files that are quick beside each slow one. */
const BESIDE = 2;

/** The slow ones early, so that none is alone at the end; and not all at once, because two cores would have to serve them. */
class SlowEarly extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const quick = sorted.filter((file) => !isSlow(file));
    const mixed = sorted.filter(isSlow).flatMap((slow) => [slow, ...quick.splice(0, BESIDE)]);
    return [...mixed, ...quick];
  }
}

const src = fileURLToPath(new URL("src/", import.meta.url));
const dist = fileURLToPath(new URL("dist/", import.meta.url));

/**
 * Tests import the sources, whose types they see, and run what the build made of them, as users do: Node loads it by
 * itself, and a name imported is a name. Through Vite each is a getter, which took a fifth of the suite's CPU.
 */
const built: Plugin = {
  name: "built",
  enforce: "pre",
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith(".")) return;
    const path = resolve(dirname(importer), source);
    if (!path.startsWith(src)) return;
    const there = dist + path.slice(src.length);
    return existsSync(there) ? { id: there, external: true } : undefined;
  },
};

export default defineConfig({
  plugins: [built],
  resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
  test: {
    server: { deps: { external: [/\/dist\//] } },
    include: [include],
    exclude: [...configDefaults.exclude, ...exclude],
    // Starts nothing before a test asks for it.
    globalSetup: "test/helpers/postgres-server.ts",
    setupFiles: "test/helpers/patience.ts",
    expect: { poll: { timeout: PATIENCE_MS } },
    // Generous, because child processes and a browser share two cores with the other tests.
    testTimeout: 60_000,
    // Where others' work shares the machine, what waits for processes and proxies may be late once; what is wrong fails twice.
    retry: process.env["CI"] ? 1 : 0,
    hookTimeout: 60_000,
    // One more than the cores: many tests wait for a clock, a process or a browser. With four it was no faster.
    maxWorkers: maxWorkers ?? 3,
    // A server for each test is much that is young and soon gone: room for it saves a tenth of the CPU.
    execArgv: ["--max-semi-space-size=64"],
    // The imports cost more than most tests; files share them. No test leaves anything behind in a module.
    isolate: false,
    sequence: { sequencer: SlowEarly },
    env: temporaryFiles(),
    reporters: ["default", closingLine],
  },
});
