import { Ctx, Int, ObjectType, Query, Resolver } from "type-graphql";
import type { Context, Spent } from "../context.js";
import { DateTime } from "../scalars.js";
import { Plain } from "../plain.js";

@ObjectType({
  description:
    "Request budget of the caller: of the license's key, or of the token. The same numbers are in the `RateLimit-…` response headers.",
})
export class RateLimitStatus {
  constructor(private readonly spent: Spent) {}

  @Plain(() => Int, {
    description: "Cost of this operation in points, its beginning and the reading of its text among them.",
  })
  get cost(): number {
    return this.spent.cost;
  }

  @Plain(() => Int, { description: "Points per minute." })
  get limit(): number {
    return this.spent.limit;
  }

  @Plain(() => Int, { description: "Points left in this minute." })
  get remaining(): number {
    return this.spent.remaining;
  }

  @Plain(() => DateTime, { description: "When the budget is full again." })
  get resetAt(): Date {
    return this.spent.resetAt;
  }
}

@Resolver()
export class RateLimitResolver {
  @Query(() => RateLimitStatus, {
    nullable: true,
    description: "Request budget of the caller: of the license's key, or of the token.",
  })
  rateLimit(@Ctx() { spent }: Context): RateLimitStatus | null {
    return spent ? new RateLimitStatus(spent) : null;
  }
}
