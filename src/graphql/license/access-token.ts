import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import {
  type CreatedAccessToken,
  createAccessToken,
  createAccessTokenRefusals,
  revokeAccessToken,
  revokeAccessTokenRefusals,
  tokenLifetime,
} from "../../domain/license/access-token.js";
import type { AccessScope as Scope } from "../../domain/license/scopes.js";
import { answer } from "../answer.js";
import type { Context } from "../context.js";
import { resultOf } from "../result.js";
import { DateTime } from "../scalars.js";
import { entriesAtMost, inputOf } from "../texts.js";
import { AccessScope, Needs } from "../run/scopes.js";
import { Plain } from "../plain.js";

@InputType({ description: "Input of `Mutation.createAccessToken`." })
export class CreateAccessTokenInput {
  @Field(() => Int, {
    description: `Lifetime in seconds, ${tokenLifetime.least} to ${tokenLifetime.most}.`,
    defaultValue: 3600,
  })
  expiresInSeconds!: number;

  @Field(() => ID, {
    nullable: true,
    description: "Limit the token to one meeting, its sessions and recordings; the meeting's id, a UUID.",
  })
  meetingId?: string | null;

  @Field(() => [AccessScope], { description: `What the token may do; at least one, ${entriesAtMost}.` })
  scopes!: Scope[];
}

@InputType({ description: "Input of `Mutation.revokeAccessToken`." })
export class RevokeAccessTokenInput {
  @Field(() => ID, { description: "Token to revoke: the `tokenId` it was made with, a UUID." })
  tokenId!: string;
}

@ObjectType({ description: "The token was made." })
export class CreateAccessTokenSuccess {
  constructor(private readonly made: CreatedAccessToken) {}

  @Plain(() => DateTime, { description: "When it stops working." })
  get expiresAt(): Date {
    return this.made.expiresAt;
  }

  @Plain(() => [AccessScope], { description: "What it may do." })
  get scopes(): Scope[] {
    return this.made.scopes;
  }

  @Plain(() => String, {
    description: "The token, for the header `Authorization: Bearer …`. It is shown this once.",
  })
  get token(): string {
    return this.made.token;
  }

  @Plain(() => ID, { description: "Id to revoke it by." })
  get tokenId(): string {
    return this.made.tokenId;
  }
}

@ObjectType({ description: "The token no longer works." })
export class RevokeAccessTokenSuccess {
  constructor(private readonly id: string) {}

  @Plain(() => ID, { description: "Id of the revoked token." })
  get tokenId(): string {
    return this.id;
  }
}

const CreateAccessTokenResult = resultOf("createAccessToken", CreateAccessTokenSuccess, createAccessTokenRefusals);
const RevokeAccessTokenResult = resultOf("revokeAccessToken", RevokeAccessTokenSuccess, revokeAccessTokenRefusals);

@Resolver()
export class AccessTokenMutations {
  @Needs("LICENSE_KEY")
  @Mutation(() => CreateAccessTokenResult, {
    nullable: true,
    description: "Make a short-lived token for a browser or device. Needs the license key: a token cannot make tokens.",
  })
  createAccessToken(
    @Arg("input", () => CreateAccessTokenInput, inputOf) input: CreateAccessTokenInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      return new CreateAccessTokenSuccess(await createAccessToken(context.services, context.caller, input));
    });
  }

  @Needs("LICENSE_KEY")
  @Mutation(() => RevokeAccessTokenResult, {
    nullable: true,
    description: "Stop a token from working before it expires. Needs the license key.",
  })
  revokeAccessToken(
    @Arg("input", () => RevokeAccessTokenInput, inputOf) input: RevokeAccessTokenInput,
    @Ctx() context: Context,
  ) {
    return answer(context, async () => {
      return new RevokeAccessTokenSuccess(await revokeAccessToken(context.services, context.caller, input.tokenId));
    });
  }
}
