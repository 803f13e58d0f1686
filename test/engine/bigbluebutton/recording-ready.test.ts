import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { recordingReady } from "../../../src/engine/bigbluebutton/callbacks/recording-ready.js";

/** The specification's own. */
const secret = "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3";
const sessionId = "546b4f17-16dc-4d07-b155-a5994e0ce161";
const vector =
  "eyJhbGciOiJIUzI1NiJ9.eyJtZWV0aW5nX2lkIjoiNTQ2YjRmMTctMTZkYy00ZDA3LWIxNTUtYTU5OTRlMGNlMTYxIiwicmVjb3JkX2lkIjoiOGUzODM4YTEwZjEzZTA2Y2VjYmVmN2E0NjRiODZkZTc0ZTY2YTViOC0xNjcyNjcyMTMwMjAzIn0.vEVYqA0fEyl62zvrywHMHuUqO6yLwmT9QEjrnqkorzA";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signed(alg: string, payload: unknown, key = secret): string {
  const text = `${part({ alg })}.${part(payload)}`;
  return `${text}.${createHmac(`sha${alg.slice(2)}`, key)
    .update(text)
    .digest("base64url")}`;
}

async function heard(token: string | undefined, isKnown = true, secrets = [secret]) {
  const told: string[] = [];
  const reports = {
    recordingsChanged: async (id: string) => {
      told.push(id);
      return isKnown;
    },
  };
  const body = Buffer.from(token === undefined ? "x=1" : new URLSearchParams({ signed_parameters: token }).toString());
  const { status } = await recordingReady({ body }, { secrets, reports });
  return [status, ...told];
}

test("that a recording is ready is believed by its signature alone, with whichever secret, HS256 or HS512", async () => {
  expect(await heard(vector)).toEqual([200, sessionId]);
  expect(await heard(vector, true, ["another", secret])).toEqual([200, sessionId]);
  expect(await heard(signed("HS512", { meeting_id: sessionId }))).toEqual([200, sessionId]);
  // It is none of ours any more, so it need not be told again.
  expect(await heard(vector, false)).toEqual([410, sessionId]);

  const [head, , signature] = vector.split(".");
  const forged = `${head}.${part({ meeting_id: "another", record_id: "x" })}.${signature}`;
  const wrong = [
    forged,
    signed("HS384", { meeting_id: sessionId }),
    signed("HS256", { meeting_id: sessionId }, "guess"),
    `${part({ alg: "none" })}.${part({ meeting_id: sessionId })}.`,
    "a.b.c",
    "",
    undefined,
  ];
  for (const token of wrong) expect([token, await heard(token)]).toEqual([token, [401]]);
  for (const payload of [{ meeting_id: 7 }, [], null, "text"])
    expect(await heard(signed("HS256", payload))).toEqual([400]);
});
