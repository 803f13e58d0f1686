import { describe, expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { ask, newMeeting, start } from "../ask.js";

async function titles(gateway: Gateway, filter: object = {}, page = "first: 100"): Promise<(string | null)[]> {
  const query = `query ($filter: MeetingFilter) {
    meetings(filter: $filter, orderBy: { field: TITLE }, ${page}) { nodes { title } } }`;
  return (await ask(gateway, query, { filter })).meetings.nodes.map(({ title }: { title: string | null }) => title);
}

test("untitled meetings come last, whatever the other titles begin with, also page by page and backwards", async () => {
  const gateway = await boot();
  const named = ["a", "\uffff", "\u{1f600} party", "\u{10fffd}", "\u{10ffff}".repeat(255)];
  for (const title of [named[2], null, named[4], named[0], null, named[3], named[1]]) {
    await newMeeting(gateway, { title });
  }
  expect(await titles(gateway)).toEqual([...named, null, null]);
  expect(await titles(gateway, {}, "last: 3")).toEqual([named[4], null, null]);
  // A search finds no untitled one by the key that puts it last.
  expect(await titles(gateway, { titleContains: "\u{10ffff}" })).toEqual([named[4]]);
});

describe("a search finds what differs only in the form of its letters", () => {
  const cases: [title: string, ...asked: string[]][] = [
    ["ΟΔΟΣ Σίσυφος", "οδος", "οδοσ", "ΟΔΌΣ".normalize("NFD").replace("\u0301", ""), "ΣΊΣΥΦΟΣ", "σίσυφοσ"],
    ["Große Straße", "STRASSE", "straße", "STRAẞE", "grosse"],
    ["İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "i\u0307stanbul"],
    ["ILGAZ ırmak", "ilgaz", "ılgaz", "IRMAK"],
    ["ﬁnal oﬃce", "FINAL", "office", "OFFICE"],
    ["ﻣﺮﺣﺒﺎ ﻻ", "مرحبا", "لا"],
    ["Ａｃｍｅ", "acme"],
    ["ᾳδω", "ΑΙΔΩ", "ᾼδω"],
    ["ſtern", "STERN"],
    ["می\u200cخواهم", "میخواهم"],
    ["Zoe\u0308", "ZOË", "zoë"],
    ["ᏣᎳᎩ", "ꮳꮃꭹ"],
  ];

  test("in titles and in names", async () => {
    const gateway = await boot();
    for (const [title] of cases) await newMeeting(gateway, { title });
    for (const [title, ...asked] of cases) {
      for (const text of [title, ...asked]) {
        expect([text, await titles(gateway, { titleContains: text })]).toEqual([text, [title]]);
      }
    }
    const meetingId = await newMeeting(gateway, { title: "names" });
    const { joinUrl, sessionId } = await start(gateway, meetingId, { moderatorName: "Γιώργος Ἰωάννης" });
    await gateway.socket().enter(joinUrl);
    const query = `query ($id: ID!, $text: String) { node(id: $id) { ... on Session {
      attendances(filter: { fullNameContains: $text }) { totalCount } } } }`;
    const found = await ask(gateway, query, { id: sessionId, text: "ΓΙΏΡΓΟΣ" });
    expect(found.node.attendances.totalCount).toBe(1);
  });
});

test("a search text is taken as it is: no letter in it is a pattern", async () => {
  const gateway = await boot();
  await newMeeting(gateway, { title: "50%_off\\" });
  expect(await titles(gateway, { titleContains: "%_OFF\\" })).toEqual(["50%_off\\"]);
  expect(await titles(gateway, { titleContains: "5%f" })).toEqual([]);
});
