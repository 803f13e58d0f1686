import type { Denial } from "../../src/domain/license/license.js";
import type { Issue } from "../../src/domain/refusal.js";
import type { Context } from "../../src/graphql/context.js";
import type { MessageKey, Messages } from "../../src/messages/index.js";
import type { Fault } from "../../src/v1/errors.js";
import type { Route } from "../../src/v1/routes.js";

// Nothing here runs. `npm run types` fails when a line under an `@ts-expect-error` compiles: each asks for a sentence
// that no catalogue has.

export const asked = ({ text }: Messages, { say }: Context, denied: Denial, chosen: string) => [
  text("en", "error.notFound"),
  say(`denied.${denied}`),
  // @ts-expect-error -- misspelt
  text("en", "error.notfound"),
  // @ts-expect-error -- misspelt
  say("error.internl"),
  // @ts-expect-error -- not of every reason to deny there is such a sentence
  say(`refusal.${denied}`),
  // @ts-expect-error -- any text at all
  say(chosen),
  // @ts-expect-error -- says something of the language itself
  text("en", "@direction"),
];

const key = "fault.required" satisfies MessageKey;
export const right: [Issue, Fault] = [{ path: ["title"], code: "REQUIRED", key }, { key }];
// @ts-expect-error -- misspelt
export const issue: Issue = { path: ["title"], code: "REQUIRED", key: "fault.require" };
// @ts-expect-error -- misspelt
export const fault: Fault = { key: "fault.require" };
// @ts-expect-error -- misspelt
export const messageKey: Route["messageKey"] = "v1.doen";
