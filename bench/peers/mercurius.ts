import mercurius from "mercurius";
import { idOf, type TextName, texts } from "../texts.js";
import { openOurs } from "./ours.js";

const { app, schema, contextOf, listen } = await openOurs();

await app.register(mercurius, {
  schema,
  context: contextOf,
  // Compiled at the first use.
  jit: 1,
  persistedQueries: Object.fromEntries(Object.entries(texts).map(([name, text]) => [idOf(name as TextName), text])),
});
await listen();
