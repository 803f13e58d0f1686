import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runTool } from "../cli/tool.js";
import { boot, temporaryFolder } from "../helpers/boot.js";
import { newAuthority } from "../helpers/certificates.js";
import { createMeeting } from "../helpers/meetings.js";
import { askPostgres, ownServer } from "../helpers/postgres.js";

const LINE = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'vconnct'";

test("over TLS it demands a certificate of the authority it was told, for the name in the address; every connection is encrypted", async () => {
  const [ours, another] = [newAuthority(), newAuthority()];
  const issued = ours.issue("127.0.0.1");
  const files = { "own.crt": issued.certificate, "own.key": issued.key };
  // Nobody comes in without TLS.
  const rules = "hostssl all all 127.0.0.1/32 trust\n";
  const settings = ["ssl=on", "ssl_cert_file=own.crt", "ssl_key_file=own.key"];
  const { port } = await ownServer({ files: { ...files, "pg_hba.conf": rules }, settings });
  const folder = temporaryFolder();
  writeFileSync(`${folder}/ours.pem`, ours.certificate);
  writeFileSync(`${folder}/another.pem`, another.certificate);
  const address = (host: string, more: string) => `postgres://postgres@${host}:${port}/postgres?${more}`;
  const full = (root: string) => `sslmode=verify-full&sslrootcert=${folder}/${root}.pem`;
  const said = async (url: string) => {
    const { code, stderr } = await runTool({ DATABASE_URL: url, DATA_DIR: folder }, ["license", "list"]);
    return code === 0 ? "fine" : stderr.trim();
  };
  const env = { DATABASE_URL: address("127.0.0.1", full("ours")), DATA_DIR: folder };
  expect(await runTool(env, ["migrate"])).toMatchObject({ code: 0 });
  expect(await said(env.DATABASE_URL)).toBe("fine");

  const fault = "error: The database can't be used; see DATABASE_URL: ";
  expect(await said(address("127.0.0.1", full("another")))).toMatch(new RegExp(`^${fault}.*certificate`));
  expect(await said(address("127.0.0.1", "sslmode=verify-full"))).toMatch(new RegExp(`^${fault}.*certificate`));
  expect(await said(address("127.0.0.1", "sslmode=require"))).toMatch(new RegExp(`^${fault}.*certificate`));
  expect(await said(address("localhost", full("ours")))).toContain(`${fault}Hostname/IP does not match`);
  expect(await said(address("127.0.0.1", "sslmode=disable"))).toMatch(new RegExp(`^${fault}.*no encryption`));
  expect(await said(address("127.0.0.1", full("nowhere")))).toBe(`${fault}a file that it names for TLS can't be read`);

  const gateway = await boot({ env });
  await createMeeting(gateway);
  const lines = await askPostgres<{ ssl: boolean }>(env.DATABASE_URL, LINE);
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(new Set(lines.map(({ ssl }) => ssl))).toEqual(new Set([true]));
});
