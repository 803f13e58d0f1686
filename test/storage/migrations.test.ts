import { cpSync, readFileSync, writeFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "drizzle-kit/api";
import { expect, test } from "vitest";
import { applyMigrations, readJournal } from "../../src/storage/sqlite/migrations.js";
import * as tables from "../../src/storage/schema/sqlite.js";
import { temporaryFolder } from "../helpers/boot.js";
import { migrationsBefore as before, shippedMigrations as shipped } from "../helpers/migrations.js";

/** The shipped migrations and one more. */
function withFurther(sql: string): string {
  const folder = `${temporaryFolder()}/sqlite`;
  cpSync(shipped, folder, { recursive: true });
  const journal = readJournal();
  const last = journal.entries.at(-1);
  const entry = { ...last, idx: journal.entries.length, when: (last?.when ?? 0) + 1, tag: "further" };
  writeFileSync(`${folder}/further.sql`, sql);
  writeFileSync(`${folder}/meta/_journal.json`, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
  return folder;
}

/** A database as shipped, with a license and a meeting of it. */
function filled(): string {
  const path = `${temporaryFolder()}/x.sqlite`;
  applyMigrations(path);
  const db = new Sqlite(path);
  db.exec(
    "INSERT INTO licenses (id, name, key_hash, key_hint, expires_at, created_at, updated_at, general_settings) VALUES ('l', 'x', 'h', 'hint', 1, 1, 1, '{}')",
  );
  db.exec(
    "INSERT INTO meetings (id, license_id, title_key, settings, created_at, updated_at) VALUES ('m', 'l', '', '{}', 1, 1)",
  );
  db.close();
  return path;
}

function look(path: string, sql: string): unknown[] {
  const db = new Sqlite(path, { readonly: true });
  const rows = db.prepare(sql).pluck().all();
  db.close();
  return rows;
}

test("the migrations are whole: the schema has nothing that the last snapshot lacks", async () => {
  const tag = String(readJournal().entries.length - 1).padStart(4, "0");
  const snapshot = JSON.parse(readFileSync(`${shipped}/meta/${tag}_snapshot.json`, "utf8"));
  const current = await generateSQLiteDrizzleJson(tables, snapshot.id);
  expect(await generateSQLiteMigration(snapshot, current)).toEqual([]);
});

test("a migration may build a table anew under its children: foreign keys are off meanwhile", () => {
  const path = filled();
  const rebuild = [
    "CREATE TABLE __new (id text PRIMARY KEY NOT NULL, name text NOT NULL, meeting_count integer)",
    "INSERT INTO __new SELECT id, name, meeting_count FROM licenses",
    "DROP TABLE licenses",
    "ALTER TABLE __new RENAME TO licenses",
  ];
  applyMigrations(path, withFurther(rebuild.join(";\n--> statement-breakpoint\n")));
  expect(look(path, "SELECT name FROM licenses")).toEqual(["x"]);
  expect(look(path, "SELECT id FROM meetings WHERE license_id = 'l'")).toEqual(["m"]);
});

test("a migration that leaves rows without their parents is refused, each time again, and changes nothing", () => {
  const path = filled();
  const folder = withFurther("DELETE FROM licenses");
  for (let times = 0; times < 2; times += 1) {
    expect(() => applyMigrations(path, folder)).toThrow("without their parents");
    expect(look(path, "SELECT id FROM licenses")).toEqual(["l"]);
    expect(look(path, "SELECT count(*) FROM __drizzle_migrations")).toEqual([readJournal().entries.length]);
  }
});

test("a migration that only adds is refused too where it adds rows without their parents", () => {
  const path = filled();
  const folder = withFurther(
    "CREATE INDEX further ON meetings (title);\n--> statement-breakpoint\nINSERT INTO `license_days` (`license_id`, `day`) VALUES ('nobody', 0)",
  );
  expect(() => applyMigrations(path, folder)).toThrow("left 1 rows without their parents");
  expect(look(path, "SELECT count(*) FROM license_days")).toEqual([0]);
});

test("a migration that fails half-way changes nothing", () => {
  const path = filled();
  const folder = withFurther("UPDATE licenses SET name = 'y';\n--> statement-breakpoint\nNONSENSE");
  expect(() => applyMigrations(path, folder)).toThrow(/syntax|NONSENSE/);
  expect(look(path, "SELECT name FROM licenses")).toEqual(["x"]);
});

test("who revoked a license is read once from the events that there are, and from then on from its row", () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  applyMigrations(path, before("0002_revoked_by"));
  const db = new Sqlite(path);
  const insert = db.prepare(`INSERT INTO licenses (id, name, key_hash, key_hint, expires_at, created_at, updated_at,
    general_settings, is_demo, revoked_at) VALUES (?, 'x', ?, 'hint', 1, 1, 1, '{}', ?, ?)`);
  for (const [id, isDemo, revokedAt] of [
    ["a", 0, null],
    ["b", 0, 5],
    ["c", 1, 5],
    ["d", 1, 5],
  ]) {
    insert.run(id, id, isDemo, revokedAt);
  }
  db.exec(
    "INSERT INTO events (id, license_id, type, occurred_at, door, facts) VALUES ('e', 'd', 'license.revoked', 5, 'CLI', '{}')",
  );
  db.close();
  applyMigrations(path);
  expect(look(path, "SELECT id || ' ' || coalesce(revoked_by, '-') FROM licenses ORDER BY id")).toEqual([
    "a -",
    // Only a demo license can have been revoked by anything else, also where the events are gone.
    "b OPERATOR",
    "c NEW_SECRET",
    "d OPERATOR",
  ]);
});

test("keys that an earlier rule made are made anew, of titles, of what has none, and of names", () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  applyMigrations(path, before("0003_sort_keys"));
  const db = new Sqlite(path);
  db.exec(`INSERT INTO licenses (id, name, key_hash, key_hint, expires_at, created_at, updated_at, general_settings)
    VALUES ('l', 'x', 'h', 'hint', 1, 1, 1, '{}')`);
  const meeting = db.prepare(`INSERT INTO meetings (id, license_id, title, title_key, settings, created_at, updated_at)
    VALUES (?, 'l', ?, ?, '{}', 1, 1)`);
  meeting.run("a", "ΟΔΟΣ", "οδος");
  meeting.run("b", null, "\uffff");
  meeting.run("c", "\u{1f600}", "\u{1f600}");
  db.exec(`INSERT INTO sessions (id, license_id, meeting_id, status, moderator_name, settings, started_at, engine)
    VALUES ('s', 'l', 'a', 'RUNNING', 'm', '{}', 1, 'builtin')`);
  db.exec(`INSERT INTO attendances (id, license_id, session_id, full_name, full_name_key, role, joined_at)
    VALUES ('p', 'l', 's', 'Straße', 'straße', 'VIEWER', 1)`);
  db.close();
  applyMigrations(path);
  expect(look(path, "SELECT id FROM meetings ORDER BY title_key, id")).toEqual(["a", "c", "b"]);
  expect(look(path, "SELECT title_key FROM meetings WHERE id = 'a'")).toEqual(["οδοσ"]);
  expect(look(path, "SELECT full_name_key FROM attendances")).toEqual(["strasse"]);
});
