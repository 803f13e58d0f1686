import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/boot.js";

const root = new URL("../../", import.meta.url).pathname;

/** Each import that must not be: the layer it is in, and what it reaches for. */
const forbidden = [
  ["src/storage/x.ts", "../domain/license/license.js"],
  ["src/storage/sqlite/x.ts", "../../services.js"],
  ["src/storage/queries/x.ts", "../../domain/checks.js"],
  ["src/storage/queries/x.ts", "../sqlite/dialect.js"],
  ["src/storage/queries/x.ts", "better-sqlite3"],
  ["src/storage/queries/lists/x.ts", "../../../domain/checks.js"],
  ["src/storage/queries/lists/x.ts", "../../sqlite/dialect.js"],
  ["src/engine/builtin/x.ts", "../../domain/license/license.js"],
  ["src/engine/builtin/x.ts", "../../storage/index.js"],
  ["src/domain/x.ts", "../graphql/schema.js"],
  ["src/domain/x.ts", "../engine/builtin/engine.js"],
  ["src/domain/session/x.ts", "../../graphql/schema.js"],
  ["src/domain/session/x.ts", "../../engine/builtin/engine.js"],
  ["src/domain/session/x.ts", "../../services.js"],
  ["src/domain/session/x.ts", "../entering/enter-room.js"],
  ["src/domain/session/x.ts", "../../storage/queries/queries.js"],
  ["src/domain/x.ts", "fastify"],
  ["src/v1/x.ts", "../storage/index.js"],
  ["src/v1/x.ts", "../domain/meeting/create-meeting.js"],
  ["src/v1/x.ts", "../graphql/meeting.js"],
  ["src/v1/x.ts", "../graphql/door/headers.js"],
  ["src/graphql/x.ts", "../v1/routes.js"],
  ["src/graphql/x.ts", "./door/headers.js"],
  ["src/graphql/x.ts", "../http/caller.js"],
  ["src/graphql/meeting/x.ts", "../door/headers.js"],
  ["src/graphql/meeting/x.ts", "@apollo/server"],
  ["src/graphql/meeting/x.ts", "../../storage/sqlite/open.js"],
  ["src/graphql/run/x.ts", "../door/headers.js"],
  ["src/graphql/run/x.ts", "../meeting/meeting.js"],
  ["src/graphql/run/x.ts", "../schema.js"],
  ["src/graphql/run/x.ts", "../../http/caller.js"],
  ["src/graphql/run/x.ts", "fastify"],
  ["src/graphql/door/x.ts", "../meeting/meeting.js"],
  ["src/graphql/door/x.ts", "../../v1/routes.js"],
  ["src/room/x.ts", "../storage/index.js"],
  ["src/callbacks/x.ts", "../domain/entering/told.js"],
  ["src/room/x.ts", "../engine/builtin/engine.js"],
  ["src/http/x.ts", "../v1/envelope.js"],
  ["src/http/x.ts", "../storage/sqlite/open.js"],
  ["src/cli/x.ts", "../http/observe.js"],
  ["src/messages/x.ts", "../domain/checks.js"],
] as const;

test("the linter notices every import that goes up or sideways, and lets the right ones be", () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/.oxlintrc.json`, readFileSync(`${root}.oxlintrc.json`));
  const allowed = [
    ["src/storage/sqlite/y.ts", "../queries/queries.js"],
    ["src/storage/queries/lists/y.ts", "../../schema/columns.js"],
    ["src/engine/y.ts", "../storage/index.js"],
    ["src/graphql/meeting/y.ts", "../../storage/queries/lists/page.js"],
    ["src/room/y.ts", "../engine/engine.js"],
    ["src/cli/y.ts", "../domain/license/license.js"],
    ["src/domain/y.ts", "../engine/engine.js"],
    ["src/domain/session/y.ts", "../../engine/engine.js"],
    ["src/domain/session/y.ts", "../services.js"],
    ["src/v1/y.ts", "../domain/checks.js"],
    ["src/v1/y.ts", "../graphql/context.js"],
    ["src/v1/y.ts", "../graphql/run/text.js"],
    ["src/graphql/y.ts", "../domain/meeting/create-meeting.js"],
    ["src/graphql/meeting/y.ts", "../run/codes.js"],
    ["src/graphql/run/y.ts", "../context.js"],
    ["src/graphql/run/y.ts", "./codes.js"],
    ["src/graphql/run/y.ts", "../../storage/index.js"],
    ["src/graphql/door/y.ts", "../run/runner.js"],
    ["src/graphql/door/y.ts", "../../http/caller.js"],
    ["src/graphql/door/y.ts", "@apollo/server"],
  ] as const;
  for (const [index, [file, from]] of [...forbidden, ...allowed].entries()) {
    const path = `${folder}/${file.replace(/([xy])\.ts$/, `$1${index}.ts`)}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import * as it from "${from}";\n\nexport const used = it;\n`);
  }
  let output = "";
  try {
    execFileSync(`${root}node_modules/.bin/oxlint`, ["src", "--format", "json"], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
  const caught = diagnostics
    .filter(({ code }) => code.includes("no-restricted-imports"))
    .map(({ filename }) => filename);
  const expected = forbidden.map(([file], index) => file.replace("x.ts", `x${index}.ts`));
  expect(caught.toSorted()).toEqual(expected.toSorted());
});
