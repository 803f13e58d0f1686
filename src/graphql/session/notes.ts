import { ObjectType } from "type-graphql";
import type { ShownNotes } from "../../storage/index.js";
import { Plain } from "../plain.js";
import { DateTime } from "../scalars.js";

@ObjectType({ description: "What people wrote together in a session." })
export class Notes {
  constructor(readonly row: ShownNotes) {}

  @Plain(() => String, {
    description: "The whole text, 256 KiB at most. Costs as much as 25 objects, under each name it is asked for.",
  })
  get text(): string {
    return this.row.text;
  }

  @Plain(() => DateTime, {
    description: "When it was stored last; while people write, that is every few seconds.",
  })
  get updatedAt(): Date {
    return this.row.updatedAt;
  }
}
