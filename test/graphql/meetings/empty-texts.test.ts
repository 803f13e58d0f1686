import { isInputObjectType, isNonNullType } from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { type MutationName, mutate, newMeeting } from "../ask.js";

/** Every text of this mutation's input that may be left out, by what the schema says. */
function optionalTexts(mutation: MutationName): string[] {
  const type = buildGraph().getType(`${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`);
  if (!isInputObjectType(type)) throw new Error(`${mutation} has no input`);
  const fields = Object.values(type.getFields()).filter((field) => !isNonNullType(field.type));
  return fields.filter((field) => String(field.type) === "String").map(({ name }) => name);
}

/** The mutation answers `""` in all of these as it answers null. */
async function sameAsNull(gateway: Gateway, mutation: MutationName, inputs: () => Promise<object>) {
  const names = optionalTexts(mutation);
  const [withNull, withEmpty] = [null, ""].map((value) => Object.fromEntries(names.map((name) => [name, value])));
  const answers = [];
  for (const texts of [withNull, withEmpty]) {
    const answer = await mutate(gateway, mutation, { ...(await inputs()), ...texts });
    expect(answer.__typename).toMatch(/Success$/);
    answers.push(JSON.stringify(answer, (key, value) => (/^(id|.*At|joinUrl)$/.test(key) ? key : value)));
  }
  expect(answers[1]).toBe(answers[0]);
  return names;
}

test("create-2, update-1: in each text that may be left out, an empty one is none", async () => {
  const gateway = await boot();
  const given = { title: "T", moderatorPassword: "m", welcomeText: "w" };
  expect(await sameAsNull(gateway, "createMeeting", async () => ({}))).toContain("welcomeText");
  expect(
    await sameAsNull(gateway, "updateMeeting", async () => ({ meetingId: await newMeeting(gateway, given) })),
  ).toContain("moderatorPassword");
  const starting = async () => ({ meetingId: await newMeeting(gateway, { title: "T" }), moderatorName: "Mod" });
  expect(await sameAsNull(gateway, "startMeeting", starting)).toContain("attendeePassword");
  const running = await starting();
  await mutate(gateway, "startMeeting", running);
  const joining = async () => ({ meetingId: running.meetingId, fullName: "V", role: "VIEWER" });
  expect(await sameAsNull(gateway, "joinMeeting", joining)).toContain("password");
});
