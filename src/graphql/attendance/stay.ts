import { ObjectType, registerEnumType } from "type-graphql";
import type { Stay as StayRow } from "../../storage/index.js";
import type { Reads } from "../paging/asked.js";
import { DateTime } from "../scalars.js";
import { Plain } from "../plain.js";

const StaySource = {
  ANALYTICS: "ANALYTICS",
  LIVE: "LIVE",
  POLL: "POLL",
  RECOVERED: "RECOVERED",
  WEBHOOK: "WEBHOOK",
} as const;
registerEnumType(StaySource, {
  name: "StaySource",
  description: "How a stay is known.",
  valuesConfig: {
    ANALYTICS: { description: "From the conference engine's report after the session." },
    LIVE: { description: "Seen by the built-in room itself." },
    POLL: { description: "Found by asking the conference engine." },
    RECOVERED: { description: "Closed afterwards, because the process that saw it died." },
    WEBHOOK: { description: "Told by the conference engine." },
  },
});

@ObjectType({ description: "One visit: from entering to leaving." })
export class Stay {
  static readonly reads: Reads<StayRow> = {};

  constructor(private readonly row: StayRow) {}

  @Plain(() => DateTime, { description: "When it began." })
  get joinedAt(): Date {
    return this.row.joinedAt;
  }

  @Plain(() => DateTime, { nullable: true, description: "When it ended; null while inside." })
  get leftAt(): Date | null {
    return this.row.leftAt;
  }

  @Plain(() => StaySource, { description: "How it is known." })
  get source(): StayRow["source"] {
    return this.row.source;
  }
}
