import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { late } from "../../late.js";
import type { Context } from "../context.js";
import { finish } from "../run/finish.js";
import type { ApolloSetting } from "./apollo-server.js";

/** Some requests Apollo Server refuses before they are an operation, or after (batches, CSRF, `Accept`). */
function finishText(text: string, context: Context): string {
  const { errors } = JSON.parse(text) as { errors: GraphQLFormattedError[] };
  if (errors.every(({ extensions }) => extensions?.["requestId"] !== undefined)) return text;
  const given = errors.map(({ message, extensions }) => new GraphQLError(message, { extensions }));
  return JSON.stringify({ errors: finish(given, context).errors });
}

export interface ApolloDoor {
  handle(request: FastifyRequest, reply: FastifyReply, context: Context): Promise<FastifyReply>;
  stop(): Promise<void>;
}

async function load(setting: ApolloSetting) {
  const { asApollo, openServer } = await import("./apollo-server.js");
  return { asApollo, apollo: await openServer(setting) };
}

/**
 * GraphQL over HTTP: Apollo Server's rules of the protocol, around what the runner does. Opened when it is first needed,
 * so that a start does not wait for it.
 */
export function openApollo(setting: ApolloSetting): ApolloDoor {
  let opening: ReturnType<typeof load> | undefined;
  const loaded = late(() => load(setting));
  const open = () => (opening = loaded());
  return {
    async handle(request, reply, context) {
      const { asApollo, apollo } = await open();
      const httpGraphQLRequest = asApollo(request);
      const answer = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => context });
      const { status = 200, headers, body } = answer;
      if (body.kind !== "complete") throw new Error("an answer in parts, which nothing here gives");
      const text = status < 400 ? body.string : finishText(body.string, context);
      return reply.code(status).headers(Object.fromEntries(headers)).send(text);
    },
    stop: async () => (await opening?.catch(() => undefined))?.apollo.stop(),
  };
}
