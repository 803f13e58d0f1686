import { readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { openServices } from "../../src/services.js";
import { boot, temporaryFolder, testConfig } from "../helpers/boot.js";
import { mutate, newMeeting, newToken, outcome, start } from "../graphql/ask.js";

const [oldest, older, newest] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)];
const PUBLIC_URL = "https://meet.example.com";

test("a new SECRET_KEY ends the links and tokens made before it, unless SECRET_KEY_PREVIOUS names the old one", async () => {
  const folder = temporaryFolder();
  const made = async (env: Record<string, string>) => {
    const gateway = await boot({ folder, env: { PUBLIC_URL, ...env } });
    const meetingId = await newMeeting(gateway);
    const { joinUrl } = await start(gateway, meetingId);
    const { call, token } = await newToken(gateway, ["MEETINGS_READ"], { expiresInSeconds: 86_400 });
    const kid = (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string }).kid;
    await gateway.stop();
    return { joinUrl, call, kid };
  };
  const first = await made({ SECRET_KEY: oldest });
  const second = await made({ SECRET_KEY: older, SECRET_KEY_PREVIOUS: oldest });
  expect(second.kid).not.toBe(first.kid);

  const cases: [env: Record<string, string>, first: boolean, second: boolean][] = [
    [{ SECRET_KEY: newest }, false, false],
    [{ SECRET_KEY: newest, SECRET_KEY_PREVIOUS: older }, false, true],
    [{ SECRET_KEY: newest, SECRET_KEY_PREVIOUS: `${older}, ${oldest}` }, true, true],
    // Going back is the same step.
    [{ SECRET_KEY: older, SECRET_KEY_PREVIOUS: newest }, false, true],
  ];
  for (const [env, ...good] of cases) {
    const gateway = await boot({ folder, env: { PUBLIC_URL, ...env } });
    for (const [at, { joinUrl, call }] of [first, second].entries()) {
      const isGood = good[at];
      const link = await fetch(joinUrl.replace(PUBLIC_URL, gateway.url));
      expect([env, at, link.status]).toEqual([env, at, isGood ? 200 : 403]);
      const entered = await gateway.socket().enter(joinUrl);
      expect([env, at, entered.type]).toEqual([env, at, isGood ? "entered" : "refused"]);
      const { status, errors } = await outcome(gateway, "{ meetings { totalCount } }", {}, call);
      const denied = isGood ? [200, undefined] : [401, "TOKEN_INVALID"];
      expect([env, at, status, errors[0]?.extensions.code]).toEqual([env, at, ...denied]);
    }
    // What is new is signed with the new one.
    const { token } = await newToken(gateway, ["MEETINGS_READ"]);
    const alone = testConfig(temporaryFolder(), { PUBLIC_URL, SECRET_KEY: env["SECRET_KEY"] ?? "" });
    const { services } = await openServices(alone, { exclusive: true, log: { warn() {}, error() {} } });
    const elsewhere = await services.tokens.verify(token, new Date());
    expect([env, elsewhere]).toEqual([env, { tokenId: expect.any(String) }]);
    await Promise.all([gateway.stop(), services.storage.close()]);
  }
});

test("a call sent again after SECRET_KEY was changed is still done once, where SECRET_KEY_PREVIOUS names the old one", async () => {
  const folder = temporaryFolder();
  const send = async (env: Record<string, string>) => {
    const gateway = await boot({ folder, env });
    const made = await mutate(gateway, "createMeeting", { title: "a", idempotencyKey: "k" }, { key: licenseKey });
    await gateway.stop();
    return made;
  };
  const before = await boot({ folder, env: { SECRET_KEY: older } });
  const { key: licenseKey } = before;
  await before.stop();
  const first = await send({ SECRET_KEY: older });
  expect(await send({ SECRET_KEY: newest, SECRET_KEY_PREVIOUS: older })).toEqual(first);
  expect((await send({ SECRET_KEY: newest })).code).toBe("IDEMPOTENCY_KEY_REUSED");
});

test("the secret made at the first start may be followed by a SECRET_KEY that names it as the one before", async () => {
  const folder = temporaryFolder();
  const before = await boot({ folder, env: { PUBLIC_URL } });
  const { joinUrl } = await start(before, await newMeeting(before));
  const { call } = await newToken(before, ["MEETINGS_READ"]);
  await before.stop();
  const kept = readFileSync(`${folder}/secret.key`, "utf8");
  const after = await boot({ folder, env: { PUBLIC_URL, SECRET_KEY: newest, SECRET_KEY_PREVIOUS: kept } });
  expect((await fetch(joinUrl.replace(PUBLIC_URL, after.url))).status).toBe(200);
  expect((await outcome(after, "{ meetings { totalCount } }", {}, call)).status).toBe(200);
});

test("a start that finds a database and no secret warns what it ends by making one; a first start and the next do not", async () => {
  const folder = temporaryFolder();
  const warned = async () => {
    const gateway = await boot({ folder });
    await newMeeting(gateway);
    await gateway.stop();
    return gateway.log().includes("no secret.key in DATA_DIR");
  };
  expect([await warned(), await warned()]).toEqual([false, false]);
  rmSync(`${folder}/secret.key`);
  expect([await warned(), await warned()]).toEqual([true, false]);
});
