import { afterAll, beforeAll, expect, test } from "vitest";
import { bigbluebutton, type Peer } from "./bigbluebutton/index.js";

const guid = "639259d4-9dd8-4b25-bf01-95f9567eaf4b";
const long = "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3";
const testMeeting = "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444";
const arabicName =
  "fullName=%D8%B3%D8%A7%D8%B1%D8%A9+%D8%B9%D9%84%D9%8A&meetingID=0db9ac9d-399b-4b9b-987c-50fd77f5d15d&role=VIEWER&userID=att_01&createTime=1671538126148";
const allSettings =
  "name=meeting+title&meetingID=546b4f17-16dc-4d07-b155-a5994e0ce161&moderatorPW=modpwd&attendeePW=attpwd&welcome=welcome+to+the+class&maxParticipants=50&record=true&autoStartRecording=true&allowStartStopRecording=true&webcamsOnlyForModerator=true&lockSettingsDisableCam=true&lockSettingsDisableMic=true&lockSettingsDisablePublicChat=true&lockSettingsDisablePrivateChat=true&lockSettingsDisableNotes=true&disabledFeatures=layouts";
const apostrophe = "fullName=Siobh%C3%A1n+O%27Brien&meetingID=546b4f17-16dc-4d07-b155-a5994e0ce161&role=MODERATOR";

const vectors: [secret: string, call: string, query: string, checksum: string][] = [
  [guid, "create", testMeeting, "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"],
  [guid, "create", testMeeting, "da9185f7f333cfdfcd6eeac32dca3777510c4c436020d8b887ba5515bd1d189e"],
  [
    guid,
    "create",
    testMeeting,
    "891ac633df39d0a1b4f8d597f3e190833216c4b29c4fb51ea3ca72757eeb958d6e7b49a845cf29f5c6019c7d29d029d1",
  ],
  [
    guid,
    "create",
    testMeeting,
    "de73ad61d11a5c801b68d4bd6ec5248546085cefb0b25c85f3c46249ea93a3a4b120f92c0a8a58d7512cb77821884951a3b01245f3435dbbef49fff3cc3988b4",
  ],
  [guid, "getMeetings", "", "2027baa7771026e9e93392f55031535d1444c41f"],
  [guid, "getMeetings", "", "a5370c5f3d97d56d53b435684cdbc429c2898a3bf9f435518b4279e1e0dbfc8c"],
  [long, "join", arabicName, "c05a9576db66bdd4294dc441e2ac9f4e4db603db"],
  [long, "join", arabicName, "a180f6a0558db635f4adcf8e09df5e490ea3f35c993f66241d56cacca7cc164a"],
  [long, "create", allSettings, "434fa9728160e351a12b75c2f95df51c7e0212e9"],
  [long, "create", allSettings, "ce11a4594e743931d80c9437794cbbf1ce529809f9b07fce1c12022265eb31bd"],
  ["secret", "join", apostrophe, "10883027655fc5ec30064ec0172e9436fb1c6c1c"],
  ["secret", "join", apostrophe, "86848c65f719dd18d2697c0cc39867e1d094fe53e006c324623d8552aeb50f8b"],
  ["b4578c133b8a49acaecacbb3abec91a1", "getMeetings", "", "626a395f69c5f3a3e04145a8262c318c6f788808"],
  ["test-1", "getMeetingInfo", "", "217da05b692320353e17a1b11c24e9e715caeee51ab5af35231ee5becc350d1e"],
  ["test-2", "getMeetingInfo", "", "cbf00ea96fae6ff06c2cb311bbde8b26ad66d765"],
];

/** As the address says, nothing escaped anew; what a refused browser is sent to counts as an answer. */
async function answerTo(peer: Peer, call: string, query: string): Promise<string> {
  const response = await fetch(`${peer.url}api/${call}?${query}`, { redirect: "manual" });
  return (response.headers.get("location") ?? "") + (await response.text());
}

const signed = (query: string, checksum: string) => `${query && `${query}&`}checksum=${checksum}`;

test("each known call is taken with its known checksum, and with no other", async () => {
  for (const [secret, call, query, checksum] of vectors) {
    const peer = await bigbluebutton({ secret });
    expect(await answerTo(peer, call, signed(query, checksum))).not.toContain("checksumError");
    const other = checksum.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect(await answerTo(peer, call, signed(query, other))).toContain("checksumError");
  }
});

let all: Peer;
beforeAll(async () => {
  all = await bigbluebutton({ secret: guid, atEnd: afterAll });
});
const sha1 = "2027baa7771026e9e93392f55031535d1444c41f";

test.each([
  ["none", ""],
  ["an unknown length", "checksum=abc"],
  ["two", `checksum=${sha1}&checksum=${sha1}`],
  ["two, one with an escaped name", `checksum=${sha1}&check%73um=${sha1}`],
  ["one with an escaped name", `check%73um=${sha1}`],
  ["that of another call", "checksum=1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17"],
])("a checksum is refused: %s", async (_what, query) => {
  expect(await answerTo(all, "getMeetings", query)).toContain("<messageKey>checksumError</messageKey>");
});

test("a checksum in capitals is taken, and may stand before what it signs", async () => {
  expect(await answerTo(all, "getMeetings", `checksum=${sha1.toUpperCase()}`)).toContain("SUCCESS");
  const first = `checksum=1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17&${testMeeting}`;
  expect(await answerTo(all, "create", first)).toContain("SUCCESS");
});

test.each([
  ["bbb-2.3", ["sha1", "sha256"]],
  ["scalelite", ["sha1", "sha256", "sha512"]],
  ["plugnmeet", ["sha1"]],
] as const)("%s takes %s", async (flavour, taken) => {
  const peer = await bigbluebutton({ flavour });
  for (const algorithm of ["sha1", "sha256", "sha384", "sha512"] as const) {
    const { text } = await peer.ask("isMeetingRunning", "meetingID=1", algorithm);
    expect(text).toContain((taken as readonly string[]).includes(algorithm) ? "<running>" : "checksumError");
  }
});

test("plugnmeet takes the checksum last, and the first thing that looks like one for it", async () => {
  const peer = await bigbluebutton({ flavour: "plugnmeet", secret: guid });
  const checksum = "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17";
  expect(await answerTo(peer, "create", `checksum=${checksum}&${testMeeting}`)).toContain("checksumError");
  expect(await answerTo(peer, "create", `${testMeeting}&checksum=${checksum}`)).toContain("SUCCESS");
  const name = "name=checksum=1&meetingID=12";
  expect((await peer.ask("create", name)).text).toContain("checksumError");
  expect((await peer.ask("create", name.replace("m=1", "m%3D1"))).text).toContain("SUCCESS");
});
