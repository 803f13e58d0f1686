import "reflect-metadata";
import mercurius from "mercurius";
import { Meeting } from "#gateway/graphql/meeting/meeting.js";
import { Page } from "#gateway/graphql/paging/page.js";
import { idOf, type TextName, texts } from "../texts.js";
import { openOurs } from "./ours.js";

const { app, schema, contextOf, listen } = await openOurs();

// graphql-jit reads a getter anew for each look that it takes at what it gives; ours make objects, and ours are read once.
for (const [{ prototype }, name] of [
  [Page, "nodes"],
  [Page, "edges"],
  [Page, "pageInfo"],
  [Meeting, "settings"],
] as const) {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  const made = Symbol(name);
  Object.defineProperty(prototype, name, {
    get(this: Record<symbol, unknown>) {
      return (this[made] ??= get?.call(this) as unknown);
    },
  });
}

await app.register(mercurius, {
  schema,
  context: contextOf,
  // Compiled at the first use.
  jit: 1,
  persistedQueries: Object.fromEntries(Object.entries(texts).map(([name, text]) => [idOf(name as TextName), text])),
});
await listen();
