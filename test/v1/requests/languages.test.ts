import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogueFolder } from "../../../src/messages/index.js";
import { boot, temporaryFolder } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { NOBODY, raw } from "../calls.js";

const catalogue = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(`${catalogueFolder}/${language}.json`, "utf8"));

test("language-1: weights first, then the caller's own order, a region falls back to its language where it stands", async () => {
  const gateway = await boot();
  const cases: [header: string, language: string][] = [
    ["ar-EG, en", "ar"],
    ["en-US, ar", "en"],
    ["en, ar", "en"],
    ["ar, en", "ar"],
    ["en-US,ar;q=0.9,en;q=0.8", "en"],
    ["ar-EG,ar;q=0.9,en-US;q=0.8,en;q=0.7", "ar"],
    ["ar-EG;q=0.4, en-GB;q=0.6", "en"],
    ["fr-FR, fr;q=0.9, en;q=0.3, *;q=0.1", "en"],
    ["fr, *;q=0.5", "ar"],
    ["fr, *;q=0.5, ar;q=0", "en"],
    ["en;q=0.3, *", "ar"],
    ["ar;q=0, en", "en"],
    ["en;q=0", "ar"],
    ["*;q=0", "ar"],
    ["EN-us", "en"],
    ["en_US", "en"],
    ["ar_EG;q=0.5, en_GB", "en"],
    ["", "ar"],
    [";;,q=1,,*;q=x,-", "ar"],
    ["e".repeat(4000), "ar"],
    [Array.from({ length: 1500 }, (_, index) => `x${index}`).join(","), "ar"],
  ];
  for (const [header, language] of cases) {
    const answer = await raw(gateway, "GET", "/api/v1/list_meetings/", { headers: { "accept-language": header } });
    const sentence = catalogue(language)["v1.done"];
    expect([header, answer.headers.get("content-language"), answer.body.success_message]).toEqual([
      header,
      language,
      sentence,
    ]);
    expect(answer.headers.get("vary")).toBe("Accept-Language");
  }
});

test("language-2: every kind of answer follows it and says so, refusals before the route too", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway, { moderator_password: "modpwd" });
  const json = { "content-type": "application/json" };
  const start = JSON.stringify({ meeting_id: id, moderator_name: "A" });
  const kinds: [status: number, key: string, method: string, path: string, headers?: object, body?: string][] = [
    [200, "v1.done", "GET", "list_meetings"],
    [400, "fault.address", "GET", "%zz"],
    [404, "error.notFound", "GET", "nowhere"],
    [405, "error.methodNotAllowed", "PUT", "end_meeting"],
    [401, "denied.UNAUTHENTICATED", "GET", "list_meetings", { license: "x" }],
    [413, "error.tooLarge", "POST", "create_meeting", json, "x".repeat(70_000)],
    [415, "error.mediaType", "POST", "create_meeting", {}, "{}"],
    [400, "fault.body.json", "POST", "create_meeting", json, "{"],
    [400, "fault.required", "POST", "create_meeting", json, "{}"],
    [404, "refusal.NOT_FOUND.MEETING", "GET", `list_setting?meeting_id=${NOBODY}`],
    [404, "refusal.NOT_FOUND.SESSION", "GET", `list_attendance?session_id=${NOBODY}`],
    [404, "refusal.NOT_FOUND.SESSION", "GET", `get_record?session_id=${NOBODY}`],
    [401, "refusal.INVALID_PASSWORD", "POST", "start_meeting", json, start],
    [400, "refusal.MEETING_NOT_RUNNING", "GET", `end_meeting?meeting_id=${id}`],
  ];
  const facts: Record<string, string> = { field: "meeting_setting", limit: "64", method: "PUT", allowed: "GET, POST" };
  for (const language of ["ar", "en"]) {
    const sentences = catalogue(language);
    for (const [status, key, method, path, headers = {}, body] of kinds) {
      const sent = { headers: { ...headers, "accept-language": language }, ...(body && { body }) };
      const answer = await raw(gateway, method, `/api/v1/${path}`, sent);
      const said = answer.body.success_message ?? answer.body.error_messages.join();
      const expected = sentences[key]?.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "?");
      expect([path, answer.status, said]).toEqual([path, status, expected]);
      expect([path, answer.headers.get("content-language")]).toEqual([path, language]);
      expect([path, answer.headers.get("vary")]).toEqual([path, "Accept-Language"]);
    }
  }
});

test("language-3: DEFAULT_LANGUAGE is what those get who ask for nothing we speak", async () => {
  const gateway = await boot({ env: { DEFAULT_LANGUAGE: "en" } });
  const said = async (language?: string) => (await gateway.v1("list_meetings", language ? { language } : {})).body;
  expect((await said()).success_message).toBe("Done successfully!");
  expect((await said("fr")).success_message).toBe("Done successfully!");
  expect((await said("fr, ar;q=0.1")).success_message).toBe("تم بنجاح!");
});

test("language-1: a third catalogue is spoken whole on every kind of answer, its region and its default too", async () => {
  const folder = temporaryFolder();
  const turned = Object.entries(catalogue("en")).map(([key, text]) => [key, key.startsWith("@") ? text : `«${text}»`]);
  writeFileSync(`${folder}/pt-BR.json`, JSON.stringify(Object.fromEntries(turned)));
  const gateway = await boot({ catalogueFolders: [catalogueFolder, folder] });
  for (const language of ["pt-BR", "pt", "pt-br;q=0.2, fr"]) {
    const done = await gateway.v1("list_meetings", { language });
    expect([language, done.headers.get("content-language"), done.body.success_message]).toEqual([
      language,
      "pt-BR",
      "«Done successfully!»",
    ]);
  }
  const missing = await gateway.v1("start_meeting", { method: "POST", body: {}, language: "pt-BR" });
  expect(missing.body.error_messages).toEqual(["«meeting_id is required.»", "«moderator_name is required.»"]);
  const gone = await gateway.v1(`list_setting?meeting_id=${NOBODY}`, { language: "pt-BR" });
  expect(gone.body.error_messages).toEqual(["«There is no such meeting.»"]);
});

test("language-2: the catalogues have the same keys, and the same holes to fill in each sentence", () => {
  const languages = readdirSync(catalogueFolder).filter((name) => name.endsWith(".json"));
  expect(languages).toEqual(["ar.json", "en.json"]);
  const holes = (text: string | undefined) => [...(text ?? "").matchAll(/\{\w+\}/g)].map(String).toSorted();
  const [arabic, inEnglish] = [catalogue("ar"), catalogue("en")];
  expect(Object.keys(arabic).toSorted()).toEqual(Object.keys(inEnglish).toSorted());
  for (const key of Object.keys(inEnglish)) expect([key, holes(arabic[key])]).toEqual([key, holes(inEnglish[key])]);
});
