import type { FastifyRequest } from "fastify";
import { assertValidSchema, type GraphQLSchema, isObjectType } from "graphql";
import { openOurs } from "./ours.js";

/*
 * SOFA makes a REST API of a schema, and each of its routes selects every field there is. So it is shown what two of v1's
 * reads select and nothing else; its answers have the same data in an envelope of its own.
 */
const shown: Record<string, string[]> = {
  Query: ["meetings", "session"],
  Meeting: ["id", "title", "isRunning", "moderatorPassword", "welcomeText"],
  MeetingConnection: ["nodes"],
  Session: ["id", "attendances"],
  AttendanceConnection: ["nodes"],
  Attendance: ["fullName", "joinedAt"],
};

/** It gives no arguments to fields below the first one: what v1 asks for is what they do by themselves. */
const rows = { first: 10_000 };

function show(schema: GraphQLSchema): void {
  for (const [name, wanted] of Object.entries(shown)) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`there is no ${name}`);
    const fields = type.getFields();
    for (const field of Object.keys(fields)) if (!wanted.includes(field)) delete fields[field];
    const first = fields["attendances"]?.args.find((argument) => argument.name === "first");
    if (first) first.defaultValue = rows.first;
  }
}

interface Sofa {
  handleNodeRequestAndResponse(request: unknown, reply: unknown, context: object): Promise<Response>;
}

// By a name that is not looked up: its types change those of graphql for the whole program.
const library: string = "sofa-api";
const { useSofa } = (await import(library)) as { useSofa(options: object): Sofa };

const { app, schema, contextOf, listen } = await openOurs(rows.first);
// Remembered by graphql: what is left below would be refused for what it lacks.
assertValidSchema(schema);
show(schema);
const sofa = useSofa({
  basePath: "/api",
  schema,
  context: ({ fastify }: { fastify: FastifyRequest }) => contextOf(fastify),
});

app.get("/api/*", async (request, reply) => {
  const response = await sofa.handleNodeRequestAndResponse(request, reply, { fastify: request });
  reply.code(response.status);
  response.headers.forEach((value, name) => void reply.header(name, value));
  return reply.send(await response.text());
});
await listen();
