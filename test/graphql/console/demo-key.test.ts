import { expect, test } from "vitest";
import { revokeLicense } from "../../../src/domain/license/revoke-license.js";
import type { LicenseId } from "../../../src/storage/index.js";
import { boot } from "../../helpers/boot.js";
import { newMeeting } from "../ask.js";

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}/;

test("a demo key that the operator revokes is shown nowhere from then on, and nobody's ids are", async () => {
  const gateway = await boot();
  const { demoKey: key = "", opened } = gateway;
  const paths = ["/graphql?example=start", "/console/?example=start", "/console/", "/graphql"];
  const read = async (path: string) => (await fetch(gateway.url + path, { headers: { accept: "text/html" } })).text();
  const texts = () => Promise.all(paths.map(read));
  await newMeeting(gateway, {}, { key });
  for (const text of await texts()) expect(text).toContain(key);
  expect(await read("/examples")).toContain("The demo key and the newest ids are filled in");

  const demo = (await opened.services.storage.read.licenses.list()).find(({ isDemo }) => isDemo);
  await revokeLicense(opened.services, { door: "CLI" }, demo?.id as LicenseId, { endSessions: false });
  for (const text of await texts()) {
    expect(text).not.toContain(key);
    expect(text).toContain("your license key");
    expect(text).not.toMatch(uuid);
  }
  expect(await read("/examples")).toContain("put your license key into its headers");
});
