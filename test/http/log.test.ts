import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { rawLine, rawRequest } from "../helpers/raw.js";
import { SecretKeeper } from "../helpers/secrets.js";

const offers: Record<string, Record<string, string>> = {
  none: {},
  h2c: { connection: "upgrade", upgrade: "h2c" },
  websocket: {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  },
};

test.each(["development", "production"])(
  "link-5: in %s no line of the log has an address with its query",
  async (mode) => {
    const env = { NODE_ENV: mode, PUBLIC_URL: "http://meet.example/base", SECRET_KEY: "k".repeat(32) };
    const gateway = await boot({ env });
    const link = await startMeeting(gateway, await createMeeting(gateway));
    const query = link.slice(link.indexOf("?"));
    const license = `?license=${gateway.key}&variables=%7B%22password%22%3A%22pass-word-1%22%7D`;
    const paths = ["/api/join", "/api/room", "/graphql", "/graphql/stream", "/api/v1/list_meetings", "/api/v1/nowhere"];
    const more = [
      "/health/live",
      "/health/ready",
      "/",
      "/nowhere",
      "/%zz",
      "/room/assets/x",
      "/console/x",
      "//api/v1/x",
    ];
    for (const path of [...paths, ...more]) {
      for (const [name, headers] of Object.entries(offers)) {
        for (const asked of [query, license]) {
          const line = await rawLine(gateway.url);
          line.write(rawRequest(path + asked, { headers }));
          line.write(rawRequest(`http://meet.example/base${path}${asked}`, { method: "POST", headers }));
          await line.until(/HTTP\/1\.1 /);
          if (name === "websocket") line.write(Buffer.from([0xff, 0xff, 0xff]));
          line.socket.destroy();
        }
      }
    }
    const bad = await rawLine(gateway.url);
    bad.write(`GET /api/join${query} HTTP/9.9\r\n\r\n`);
    await bad.closed();
    expect(gateway.log().split("\n").length).toBeGreaterThan(80);
    for (const word of ["license=", "checksum", "pass-word-1", gateway.key]) expect(gateway.log()).not.toContain(word);
  },
);

test("the keeper of secrets finds each kind in a log", () => {
  const keeper = new SecretKeeper();
  keeper.hear('{"moderator_password":"correct horse","attendeePassword":"abc"}');
  const lines = [
    `{"key":"vc_${"a".repeat(43)}"}`,
    `{"token":"eyJ${"a".repeat(20)}.b.c"}`,
    '{"path":"/api/join?fullName=x&checksum=1f"}',
    '{"msg":"GET /graphql?query=x"}',
    '{"msg":"correct horse"}',
    '{"value":"abc"}',
  ];
  for (const line of lines) expect(() => keeper.check(line), line).toThrow("in the log stands");
  expect(() => keeper.check('{"route":"/api/join","msg":"abcdef"}')).not.toThrow();
});
