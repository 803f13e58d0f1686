// What `npm run build` does after the compiler: the files that are no TypeScript, and the page of the built-in room.
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { build } from "esbuild";
import { bundle } from "./bundle.js";

const page = "src/engine/builtin/page";
const built = "dist/engine/builtin/page";
const languages = readdirSync("src/messages").flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);

const isCopied = (file) => !/\.tsx?$/.test(file) && !file.startsWith(page) && !/^src\/(?:build|bundle)\.js$/.test(file);

cpSync("src", "dist", { recursive: true, filter: isCopied });
chmodSync("dist/cli.js", 0o755);
rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });

const bundled = bundle();
const { metafile } = await build({
  entryPoints: { room: `${page}/main.tsx`, playback: `${page}/playback/main.tsx`, style: `${page}/styles/index.css` },
  outdir: built,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  // Dialogs, logical properties and modules that await; what is older gets the plain sentence that it is too old.
  target: ["chrome109", "firefox115", "safari16.4"],
  minify: true,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});

/** Sentences lie beside the script, by language: they change apart from it, and are kept as long. */
function writeTexts(language) {
  const all = Object.entries(JSON.parse(readFileSync(`src/messages/${language}.json`, "utf8")));
  const texts = Object.fromEntries(all.filter(([key]) => key.startsWith("page.")));
  const script = `export default ${JSON.stringify(texts)}`;
  const hash = createHash("sha256").update(script).digest("hex").slice(0, 8);
  const name = `texts-${language}-${hash}.js`;
  writeFileSync(`${built}/${name}`, script);
  return name;
}

const outputs = Object.entries(metafile.outputs).map(([file, { entryPoint }]) => [basename(file), entryPoint]);
const outputOf = (source) => outputs.find(([, entryPoint]) => entryPoint === `${page}/${source}`)?.[0];
const texts = Object.fromEntries(languages.map((language) => [language, writeTexts(language)]));
const script = outputOf("main.tsx");

/** What the script can't begin without: the page names it, so that it comes beside the script and not after it. */
function partsOf(file, known = new Set()) {
  for (const { path, kind } of metafile.outputs[`${built}/${file}`].imports) {
    if (kind !== "import-statement" || known.has(basename(path))) continue;
    known.add(basename(path));
    partsOf(basename(path), known);
  }
  return known;
}

const playback = outputOf("playback/main.tsx");
const manifest = {
  script,
  parts: [...partsOf(script)],
  playback: { script: playback, parts: [...partsOf(playback)] },
  style: outputOf("styles/index.css"),
  texts,
};
writeFileSync(`${built}/manifest.json`, JSON.stringify(manifest));

// Compressed once, and as hard as it goes: a class on one slow line opens the page in the same minute.
for (const name of [...outputs.map(([file]) => file), ...Object.values(texts)]) {
  const bytes = readFileSync(`${built}/${name}`);
  writeFileSync(`${built}/${name}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength };
  writeFileSync(`${built}/${name}.br`, brotliCompressSync(bytes, { params }));
}
await bundled;
