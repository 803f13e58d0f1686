import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";
import { GraphQLDateTimeISO } from "graphql-scalars";
import { isUuid } from "../domain/checks.js";

/** Messages say what would be right and never repeat the value: it may be a password in the wrong place. */
const refuse = (message: string): never => {
  throw new GraphQLError(message);
};

function textScalar<T>(name: string, description: string, specifiedByURL: string, parse: (value: unknown) => T) {
  const literal = (node: ValueNode): T => parse(node.kind === Kind.STRING ? node.value : undefined);
  return new GraphQLScalarType<T, string>({
    name,
    description,
    specifiedByURL,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: literal,
  });
}

export const UUID = textScalar(
  "UUID",
  "UUID (RFC 9562). Accepted in any letter case, always returned in lower case.",
  "https://www.rfc-editor.org/rfc/rfc9562",
  (value) => (typeof value === "string" && isUuid(value) ? value.toLowerCase() : refuse("A UUID is expected.")),
);

const isWeb = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

export const WebURL = textScalar(
  "URL",
  "Absolute `http` or `https` URL (RFC 3986). Other schemes are rejected on input.",
  "https://www.rfc-editor.org/rfc/rfc3986",
  (value) => (typeof value === "string" && isWeb(value) ? value : refuse("An absolute http or https URL is expected.")),
);

export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: "DateTime",
  description: "Instant in time, RFC 3339, always serialized in UTC with milliseconds (`2022-12-20T12:08:46.148Z`).",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
});
