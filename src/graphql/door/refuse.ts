import type { FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLError } from "graphql";
import { asJson } from "../../http/forms.js";
import type { Opened } from "../../services.js";
import { finish, type Telling } from "../run/finish.js";

/** What a request is told with that has no context, or not yet. */
export const tellingOf = (
  { id, language }: Pick<FastifyRequest, "id" | "language">,
  { messages, services }: Pick<Opened, "messages" | "services">,
): Telling => ({ requestId: id, services, say: (key, facts) => messages.text(language, key, facts) });

/** An answer that is nothing but this error: what was asked never became an operation. */
export function refuse(reply: FastifyReply, error: GraphQLError, telling: Telling): FastifyReply {
  const { errors, head } = finish([error], telling);
  return asJson(reply)
    .code(head?.status ?? 500)
    .headers({ ...head?.headers })
    .send({ errors });
}
