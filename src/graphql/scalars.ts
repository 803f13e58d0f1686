import { GraphQLScalarType } from "graphql";
import { GraphQLDateTimeISO } from "graphql-scalars";
import { instantText } from "./instant-text.js";

export const WebURL = new GraphQLScalarType<string, string>({
  name: "URL",
  description: "Absolute `http` or `https` URL (RFC 3986). In answers only: inputs take an address as text.",
  specifiedByURL: "https://www.rfc-editor.org/rfc/rfc3986",
  serialize: (value) => String(value),
});

const isInstant = (date: Date): boolean => !Number.isNaN(date.getTime());

export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: "DateTime",
  description: "Instant in time, RFC 3339, always serialized in UTC with milliseconds (`2022-12-20T12:08:46.148Z`).",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: (value) =>
    value instanceof Date && isInstant(value) ? instantText(value) : GraphQLDateTimeISO.serialize(value),
});
