import { Client } from "pg";
import { expect, test } from "vitest";
import { boot, temporaryFolder } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { postgresDatabase } from "../helpers/postgres.js";

test("a database that does not answer in time is 503 with Retry-After at v1 and a visitor's door, whatever is asked of it, and at the graph the field's own", async () => {
  const url = await postgresDatabase();
  const env = { DATABASE_URL: url, DATA_DIR: temporaryFolder(), DATABASE_SECONDS: "1", LOG_LEVEL: "silent" };
  const gateway = await boot({ env });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  const { key } = await gateway.license();
  const blocker = new Client(url);
  await blocker.connect();
  const whileLocked = async <T>(table: string, ask: () => Promise<T>): Promise<T> => {
    await blocker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return ask().finally(() => blocker.query("ROLLBACK"));
  };
  const sessions = await whileLocked("sessions", () =>
    Promise.all([
      gateway.v1(`list_sessions?meeting_id=${meetingId}`, { headers: { "accept-language": "en" } }),
      fetch(link).then(async ({ status, headers }) => ({ status, headers, body: undefined })),
    ]),
  );
  // The caller itself is looked up anew.
  const caller = await whileLocked("licenses", () =>
    gateway.v1("list_meetings", { key, headers: { "accept-language": "en" } }),
  );
  for (const { status, headers } of [...sessions, caller]) {
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
  }
  const sentence = "The service is not available for a moment; nothing was changed. Try again shortly.";
  const envelope = { status: false, status_code: 503, message: "error", error_messages: [sentence] };
  expect([sessions[0].body, caller.body]).toEqual([envelope, envelope]);
  const { body } = await whileLocked("sessions", () =>
    gateway.graphql("{ sessions { nodes { id } } license { name } }"),
  );
  expect(body.data).toEqual({ sessions: null, license: { name: expect.any(String) } });
  expect(body.errors[0].extensions.code).toBe("QUERY_TOO_SLOW");
  await blocker.end();
  expect((await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).status).toBe(200);
});
