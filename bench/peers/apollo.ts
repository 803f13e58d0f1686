import { ApolloServer, HeaderMap } from "@apollo/server";
import type { Context } from "#gateway/graphql/context.js";
import { openOurs } from "./ours.js";

const { app, schema, contextOf, listen } = await openOurs();

const apollo = new ApolloServer<Context>({ schema, includeStacktraceInErrorResponses: false });
await apollo.start();

/** As Apollo's own integrations do it. */
app.post("/graphql", async (request, reply) => {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, String(value));
  const {
    status,
    headers: given,
    body,
  } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method, headers, search: "", body: request.body },
    context: async () => contextOf(request),
  });
  if (body.kind !== "complete") throw new Error("an answer in parts");
  for (const [name, value] of given) reply.header(name, value);
  return reply.code(status ?? 200).send(body.string);
});
await listen();
