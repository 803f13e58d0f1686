import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type Pairs, signed } from "../../../src/engine/bigbluebutton/signing.js";
import type { Checksum } from "../../../src/engine/bigbluebutton/flavours.js";

const C = "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3";

/** The pairs that a query stands for. */
const pairsOf = (query: string): Pairs => [...new URLSearchParams(query)];

const sumOf = (call: string, query: string, secret: string, checksum: Checksum): string => {
  const text = signed(call, pairsOf(query), secret, checksum);
  const [before, sum] = text.split("checksum=");
  expect(before).toBe(query === "" ? `${call}?` : `${call}?${query}&`);
  return sum ?? "";
};

/** Digests that are printed in the documentation of the servers, or were computed without this code. */
test.each([
  [
    "create",
    "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444",
    "639259d4-9dd8-4b25-bf01-95f9567eaf4b",
    {
      sha1: "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17",
      sha256: "da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e",
      sha384: "891ac633df39d0a1b4f8d597f3e190833216c4b29c4fb51ea3ca72757eeb958d6e7b49a845cf29f5c6019c7d29d029d1",
      sha512:
        "de73ad61d11a5c801b68d4bd6ec5248546085cefb0b25c85f3c46249ea93a3a4b120f92c0a8a58d7512cb77821884951a3b01245f3435dbbef49fff3cc3988b4",
    },
  ],
  [
    "getMeetings",
    "",
    "639259d4-9dd8-4b25-bf01-95f9567eaf4b",
    {
      sha1: "2027baa7771026e9e93392f55031535d1444c41f",
      sha256: "a5370c5f3d97d56d53b435684cdbc429c2898a3bf9f435518b4279e1e0dbfc8c",
    },
  ],
  [
    "join",
    "fullName=%D8%B3%D8%A7%D8%B1%D8%A9+%D8%B9%D9%84%D9%8A&meetingID=0db9ac9d-399b-4b9b-987c-50fd77f5d15d&role=VIEWER&userID=att_01&createTime=1671538126148",
    C,
    {
      sha1: "c05a9576db66bdd4294dc441e2ac9f4e4db603db",
      sha256: "a180f6a0558db635f4adcf8e09df5e490ea3f35c993f66241d56cacca7cc164a",
    },
  ],
  [
    "create",
    "name=meeting+title&meetingID=546b4f17-16dc-4d07-b155-a5994e0ce161&moderatorPW=modpwd&attendeePW=attpwd&welcome=welcome+to+the+class&maxParticipants=50&record=true&autoStartRecording=true&allowStartStopRecording=true&webcamsOnlyForModerator=true&lockSettingsDisableCam=true&lockSettingsDisableMic=true&lockSettingsDisablePublicChat=true&lockSettingsDisablePrivateChat=true&lockSettingsDisableNotes=true&disabledFeatures=layouts",
    C,
    {
      sha1: "434fa9728160e351a12b75c2f95df51c7e0212e9",
      sha256: "ce11a4594e743931d80c9437794cbbf1ce529809f9b07fce1c12022265eb31bd",
    },
  ],
  [
    "hooks/create",
    "callbackURL=https%3A%2F%2Fgw.example.com%2Fbbb%2Fhook%2Fk1%3Ftoken%3Da+b%26x%3D1&getRaw=false",
    C,
    {
      sha1: "ea1a7e1e6ec9a969c3ec67706ae8e4d615b2b60c",
      sha256: "71b7dc912b08c6139ee83be30d4865d7192aaec999014bb0b792e452b9d03d6a",
    },
  ],
  [
    "join",
    "fullName=Siobh%C3%A1n+O%27Brien&meetingID=546b4f17-16dc-4d07-b155-a5994e0ce161&role=MODERATOR",
    "secret",
    {
      sha1: "10883027655fc5ec30064ec0172e9436fb1c6c1c",
      sha256: "86848c65f719dd18d2697c0cc39867e1d094fe53e006c324623d8552aeb50f8b",
    },
  ],
  ["getMeetings", "", "b4578c133b8a49acaecacbb3abec91a1", { sha1: "626a395f69c5f3a3e04145a8262c318c6f788808" }],
  ["getMeetingInfo", "", "test-1", { sha256: "217da05b692320353e17a1b11c24e9e715caeee51ab5af35231ee5becc350d1e" }],
  ["getMeetingInfo", "", "test-2", { sha1: "cbf00ea96fae6ff06c2cb311bbde8b26ad66d765" }],
] as const)("the checksum of %s?%s is the published one", (call, query, secret, sums) => {
  for (const [checksum, sum] of Object.entries(sums)) {
    expect(sumOf(call, query, secret, checksum as Checksum)).toBe(sum);
  }
});

test("what a server takes out before it checks is not signed, and a browser leaves the address as it is", () => {
  const text = signed("join", [["fullName", "  a\u0000\u001F\u007F'b ~*\t"]], "s", "sha1");
  expect(text).toBe(
    `join?fullName=a%27b+%7E*&checksum=${createHash("sha1").update("joinfullName=a%27b+%7E*s").digest("hex")}`,
  );
  expect(new URL(`https://bbb.example.com/${text}`).href).toBe(`https://bbb.example.com/${text}`);
});
