import { mkdirSync, writeFileSync } from "node:fs";
import { GraphQLSchema, type GraphQLObjectType } from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../src/graphql/schema.js";
import { catalogueFolder, openMessages } from "../../src/messages/index.js";
import { boot, temporaryFolder, type V1Call } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";

const id = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";
const body = { meeting_id: id, moderator_name: "m", fullname: "v", role: "viewer", meeting_setting: tenSettings() };

/** Each route with the root field that its document asks for. */
const routes: [path: string, method: string, root: "query" | "mutation", field: string][] = [
  ["create_meeting", "POST", "mutation", "createMeeting"],
  ["update_meeting", "PUT", "mutation", "updateMeeting"],
  ["start_meeting", "POST", "mutation", "startMeeting"],
  ["join_meeting", "POST", "mutation", "joinMeeting"],
  ["end_meeting", "GET", "mutation", "endMeeting"],
  ["delete_scheduled_meeting", "DELETE", "mutation", "deleteMeeting"],
  ["list_sessions", "GET", "query", "meeting"],
  ["list_meetings", "GET", "query", "meetings"],
  ["list_attendance", "GET", "query", "session"],
  ["list_setting", "GET", "query", "meeting"],
  ["list_general_meeting_setting", "GET", "query", "generalMeetingSettings"],
  ["get_record", "GET", "query", "session"],
];

const rootOf = (schema: GraphQLSchema, root: "query" | "mutation"): GraphQLObjectType => {
  const type = root === "query" ? schema.getQueryType() : schema.getMutationType();
  if (!type) throw new Error(`no ${root}`);
  return type;
};

/** Our graph, whose root fields do nothing but say that they were asked. */
function graphThatTells(asked: string[]): GraphQLSchema {
  const schema = buildGraph();
  for (const [, , root, field] of routes) {
    const replaced = rootOf(schema, root).getFields()[field];
    if (!replaced) throw new Error(`no field ${field}`);
    replaced.resolve = () => {
      asked.push(field);
      throw new Error("replaced");
    };
  }
  return schema;
}

test("each of the twelve answers what the graph's resolver says: replaced, the v1 answer changes", async () => {
  const asked: string[] = [];
  const [gateway, replaced] = [await boot(), await boot({ schema: graphThatTells(asked) })];
  for (const [path, method, , field] of routes) {
    const call: V1Call = { method, ...(method !== "GET" && { body }), language: "en" };
    const url = `${path}?meeting_id=${id}&session_id=${id}`;
    const [before, after] = [await gateway.v1(url, call), await replaced.v1(url, call)];
    expect([path, ...asked.splice(0)]).toEqual([path, field]);
    expect([path, before.status === 500, after.status]).toEqual([path, false, 500]);
  }
});

test("a document that does not fit the schema stops the start, not a request", async () => {
  const config = buildGraph().toConfig();
  const { getFields } = rootOf(new GraphQLSchema(config), "query");
  const query = rootOf(new GraphQLSchema(config), "query");
  delete getFields.call(query)["generalMeetingSettings"];
  await expect(boot({ schema: new GraphQLSchema(config) })).rejects.toThrow("generalMeetingSettings");
});

test("language-1: a further language is one more catalogue file and no code", async () => {
  const folder = `${temporaryFolder()}/more`;
  mkdirSync(folder);
  const french = { "@direction": "ltr", "v1.done": "C'est fait !", "fault.required": "{field} est obligatoire." };
  writeFileSync(`${folder}/fr.json`, JSON.stringify(french));
  const gateway = await boot({ catalogueFolders: [catalogueFolder, folder] });
  const done = await gateway.v1("list_meetings", { language: "fr-CA" });
  expect([done.headers.get("content-language"), done.body.success_message]).toEqual(["fr", "C'est fait !"]);
  const refused = await gateway.v1("list_setting", { language: "fr" });
  expect(refused.body.error_messages).toEqual(["meeting_id est obligatoire."]);
});

test("language-2: no catalogue lacks a sentence that another one has", () => {
  const messages = openMessages("ar");
  expect(messages.languages).toEqual(["ar", "en"]);
  for (const language of messages.languages) expect([language, messages.missing(language)]).toEqual([language, []]);
});
