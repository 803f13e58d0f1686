// Compares the schema of the last release (its text on stdin) with the committed one. A breaking change ends with 1.
// What was marked `@deprecated` in that release may go in the next one: that is the way to break something on purpose.
import { readFileSync } from "node:fs";
import { CriticalityLevel, diff, DiffRule } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const released = buildSchema(readFileSync(0, "utf8"));
const committed = buildSchema(readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8"));

const changes = await diff(released, committed, [DiffRule.suppressRemovalOfDeprecatedField]);
const of = (level) => changes.filter(({ criticality }) => criticality.level === level);
const breaking = of(CriticalityLevel.Breaking);
const dangerous = of(CriticalityLevel.Dangerous);

for (const { message } of dangerous) console.log(`dangerous: ${message}`);
for (const { message } of breaking) console.log(`BREAKING: ${message}`);
console.log(
  `since ${process.argv[2]}: ${changes.length} changes, ${dangerous.length} dangerous, ${breaking.length} breaking`,
);
if (breaking.length > 0) process.exitCode = 1;
