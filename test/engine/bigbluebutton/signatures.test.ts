import { expect, test } from "vitest";
import { isSigned } from "../../../src/engine/bigbluebutton/callbacks/signatures.js";

/** What the specification computes its signatures from. */
const url = "https://gw.example.com/bbb/hook/k1";
const body = Buffer.from(
  "domain=bbb.example.com&event=%5B%7B%22data%22%3A%7B%22type%22%3A%22event%22%2C%22id%22%3A%22meeting-ended%22%2C%22attributes%22%3A%7B%22meeting%22%3A%7B%22internal-meeting-id%22%3A%2244ea85d9684005d3b0af3c49e8a271a683cedb79-1532718208098%22%2C%22external-meeting-id%22%3A%22random-3800337%22%7D%7D%2C%22event%22%3A%7B%22ts%22%3A1532718316938%7D%7D%7D%5D&timestamp=1532718316953",
);
const secret = "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3";
const proof = { secrets: ["another", secret], takesConstant: false };

const newest = "f48e35eaa04afad92fe2efb0989ec1fd2b9793a4";
const newestBySha256 = "2428ea46b9602fcee68e83eb36a48b12ab56a25caa1951fc3b0fd697c105aedc";
const constant = "997cbff9dd95e1e19f3bf668234ee373dc219b80";
const oldest = "1a4eb5c88992bebaffbffe26cc5e96e85b10c5f3";

const said = (checksum: string, of = body) => ({ url: `${url}?checksum=${checksum}`, headers: {}, body: of });

test("webhooks of bbb-webhooks from 3.4 on and up to 2.6 are known by their checksum, by whichever of the secrets and algorithms", () => {
  for (const checksum of [newest, newestBySha256, newest.toUpperCase(), oldest]) {
    expect(isSigned(said(checksum), proof)).toBe(true);
    expect(isSigned(said(checksum), { ...proof, secrets: ["another"] })).toBe(false);
  }
});

test("what was changed on its way, signed for another address, or not at all is not taken", () => {
  const changed = Buffer.from(body.toString().replace("meeting-ended", "meeting-endee"));
  for (const checksum of [newest, newestBySha256, oldest]) expect(isSigned(said(checksum, changed), proof)).toBe(false);
  for (const query of [
    "",
    "?checksum=",
    `?checksum=${"0".repeat(40)}`,
    `?checksum=${newest}0`,
    `?x=1&checksum=${newest}`,
  ]) {
    expect(isSigned({ ...said(newest), url: url + query }, proof)).toBe(false);
  }
});

test("the checksum of 3.0 to 3.3, which covers nothing of what is said, is taken only where the operator says so", () => {
  expect(isSigned(said(constant), proof)).toBe(false);
  expect(isSigned(said(constant), { ...proof, takesConstant: true })).toBe(true);
});

test("a server that is set so says the secret itself, and nothing beside it counts then", () => {
  const bearer = (authorization: string) => isSigned({ ...said(newest), headers: { authorization } }, proof);
  expect([bearer(`Bearer ${secret}`), bearer("Bearer another"), bearer("Bearer other"), bearer(secret)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
