import { Arg, Ctx, FieldResolver, Int, ObjectType, Resolver } from "type-graphql";
import type { LicenseTotals } from "../../domain/license/usage.js";
import type { Context } from "../context.js";
import { DateTimeRange } from "../paging/connection.js";
import { License } from "./license.js";
import { Plain } from "../plain.js";

@ObjectType({
  description: "Totals of a license over an interval. Minutes are added up first and then rounded to the nearest.",
})
export class LicenseUsage {
  constructor(private readonly totals: LicenseTotals) {}

  @Plain(() => Int, { description: "Attendances begun: people who entered a session for the first time." })
  get attendances(): number {
    return this.totals.attendances;
  }

  @Plain(() => Int, {
    description:
      "Largest number of people in one session at the same time, of all sessions that ran in the interval, each over its whole run.",
  })
  get peakAttendees(): number {
    return this.totals.peakAttendees;
  }

  @Plain(() => Int, {
    description:
      "Minutes of recordings that were first received in the interval and are ready; deleted ones not counted.",
  })
  get recordedMinutes(): number {
    return this.totals.recordedMinutes;
  }

  @Plain(() => Int, {
    description: "Minutes of all sessions, as far as they lie in the interval; one that still runs counts up to now.",
  })
  get sessionMinutes(): number {
    return this.totals.sessionMinutes;
  }

  @Plain(() => Int, { description: "Sessions started, failed starts not counted." })
  get sessionsStarted(): number {
    return this.totals.sessionsStarted;
  }
}

@Resolver(() => License)
export class LicenseUsageResolver {
  @FieldResolver(() => LicenseUsage, {
    description:
      "Totals over an interval; by default the current calendar month in UTC. A bound that is left out is no bound.",
  })
  async usage(
    @Arg("period", () => DateTimeRange, { nullable: true, description: "Interval to total over." })
    period: DateTimeRange | null,
    @Ctx() { loaders }: Context,
  ): Promise<LicenseUsage> {
    return new LicenseUsage(await loaders.usage(period ?? null)());
  }
}
