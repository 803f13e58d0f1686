import { expect, test } from "vitest";
import { type Answer, AnswerReader, Unreadable } from "../../../src/engine/bigbluebutton/answer.js";

function read(text: string, pieces = 1): Answer {
  const reader = new AnswerReader();
  const size = Math.ceil(text.length / pieces);
  for (let at = 0; at < text.length; at += size) reader.write(text.slice(at, at + size));
  return reader.end();
}
const response = (inner: string) => `<response><returncode>SUCCESS</returncode>${inner}</response>`;

test("texts stay texts, one element of a list is a list, none is none, in however many pieces it comes", () => {
  const xml = `<?xml version="1.0"?>\n${response(
    "<meetings><meeting><meetingID>1e5</meetingID><attendeePW> 0123 </attendeePW><name>سارة &amp; &#x1F600; &amp;lt;</name>" +
      "<raw><![CDATA[<!DOCTYPE & co>]]></raw><attendees/></meeting></meetings><__proto__><x>y</x></__proto__>",
  )}\n`;
  for (const pieces of [1, 7, xml.length]) {
    const [meeting, ...others] = read(xml, pieces).response.all("meetings", "meeting");
    expect(others).toEqual([]);
    expect(["meetingID", "attendeePW", "name", "raw", "nothing"].map((name) => meeting?.textOf(name))).toEqual([
      "1e5",
      "0123",
      "سارة & 😀 &lt;",
      "<!DOCTYPE & co>",
      "",
    ]);
    expect([meeting?.numberOf("meetingID"), meeting?.all("attendees", "attendee")]).toEqual([undefined, []]);
  }
  expect(Object.hasOwn({}, "x")).toBe(false);
});

test("a FAILED answer is read, in its newer form and in its older", () => {
  const failed = "<response><returncode>FAILED</returncode>";
  expect(read(`${failed}<messageKey>notFound</messageKey></response>`)).toMatchObject({
    isSuccess: false,
    key: "notFound",
  });
  expect(read(`${failed}<errors><error key="idNotUnique" message="x"/></errors></response>`).key).toBe("idNotUnique");
});

test.each([
  ["half an answer", response("<a>").slice(0, 40)],
  ["an element that is not closed", "<response><returncode>SUCCESS</returncode><a></response>"],
  ["a proxy's page", "<html><body><h1>502</h1><hr></body></html>"],
  ["a page that is well-formed", "<html><body>502</body></html>"],
  ["no XML", "Bad Gateway"],
  ["nothing", ""],
  ["no returncode", "<response><version>2.0</version></response>"],
  ["an entity of its own", `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">]>${response("<a>&a;&a;</a>")}`],
  ["a file of this machine", `<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>${response("<a>&a;</a>")}`],
  ["an entity nobody declared", response("<a>&nbsp;</a>")],
])("%s is no answer, and is told without a word of it", (_what, text) => {
  expect(() => read(text)).toThrow(Unreadable);
  try {
    read(text);
  } catch (error) {
    expect((error as Error).message).toMatch(
      /^an answer (?:that is no XML|with a document type, which none needs|without a returncode)$/,
    );
  }
});

test.each([
  ["elements", "<a/>".repeat(200_001)],
  ["elements within elements", "<a>".repeat(200_001)],
  ["attributes", `<a ${Array.from({ length: 200_001 }, (_, at) => `a${at}="" `).join("")}/>`],
])(
  "more %s than any answer has are not read to the end: small as they are, they would fill the memory",
  (_what, text) => {
    expect(() => read(response(text))).toThrow("an answer of more parts than any has");
  },
);
