// The server and the operator's tool, each with all it imports in a few files: to find, read and link seven hundred
// modules took half of a start. `dist/` has every module by itself as well, which tests and benchmarks import.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const src = `${root}src/`;
const dist = `${root}dist/`;
const folder = `${dist}bundle`;

/** What starts by itself; in place of each module stands one line that leads into the bundle. */
const entries = [
  "main",
  "cli",
  "storage/sqlite/reading-thread",
  "storage/sqlite/moving-thread",
  "engine/builtin/recording/join-thread",
];

/** Not bundled: what finds files of its own, what is not installed, and what Fastify would need for things we never ask. */
const external = [
  "better-sqlite3",
  "pg",
  "altair-static",
  "tsx",
  "class-validator",
  "@fastify/ajv-compiler",
  "@fastify/fast-json-stringify-compiler",
  "light-my-request",
];

/** The address of the module that a source would be without a bundle, seen from the bundle. */
const addressOf = (path) =>
  `new URL(${JSON.stringify(`../${relative(src, path).replace(/\.ts$/, ".js")}`)}, import.meta.url).href`;

/** Our modules read what lies beside them, and one asks for a library as CommonJS does. */
const ours = {
  name: "ours",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!path.startsWith(src)) return;
      const contents = readFileSync(path, "utf8")
        .replace("const require = createRequire(import.meta.url);\n", "\n")
        .replaceAll("import.meta.url", addressOf(path));
      return { contents, loader: "ts" };
    });
  },
};

/** graphql comes in two forms, and libraries ask for either; types of one are none to the other. */
const oneGraphql = {
  name: "one graphql",
  setup({ onResolve }) {
    onResolve({ filter: /^graphql(?:\/.*)?$/ }, ({ path }) => {
      const base = `${root}node_modules/${path.replace(/\.m?js$/, "")}`;
      const found = [`${base}.mjs`, `${base}/index.mjs`].find((file) => existsSync(file));
      return { path: found, sideEffects: false };
    });
  },
};

/** For libraries that are CommonJS and ask for a module of Node's. */
const banner = `import { createRequire as requireFor } from "node:module";
const require = requireFor(import.meta.url);`;

const upFrom = (entry) => "../".repeat(entry.split("/").length - 1) || "./";

/** What stands where the module of an entry was. */
const leadingTo = (entry) =>
  `${entry === "cli" ? "#!/usr/bin/env node\n" : ""}import "${upFrom(entry)}bundle/${basename(entry)}.js";
`;

/** Of the build before this one, files stay: a server that runs may still load them when somebody asks for what it takes. */
function removeOlder(made) {
  const list = `${folder}/files.json`;
  const before = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  const kept = new Set([...made, ...before]);
  for (const file of readdirSync(folder)) if (!kept.has(file)) rmSync(`${folder}/${file}`);
  writeFileSync(list, JSON.stringify(made));
}

export async function bundle() {
  const { metafile } = await build({
    entryPoints: entries.map((entry) => ({ in: `${src}${entry}.ts`, out: basename(entry) })),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // Some that Node loads as CommonJS can be bundled only as modules.
    mainFields: ["module", "main"],
    tsconfig: `${root}tsconfig.json`,
    external,
    plugins: [ours, oneGraphql],
    banner: { js: banner },
    metafile: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
  });
  removeOlder(Object.keys(metafile.outputs).map((file) => basename(file)));
  for (const entry of entries) writeFileSync(`${dist}${entry}.js`, leadingTo(entry));
}
