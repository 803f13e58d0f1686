import { Ctx, Int, ObjectType, Query, registerEnumType, Resolver } from "type-graphql";
import { licenseStatus } from "../../domain/license/license.js";
import type { License as LicenseRow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { Node } from "../node.js";
import { DateTime } from "../scalars.js";
import { MeetingSettings } from "../settings.js";
import { Needs } from "../run/scopes.js";
import { Plain } from "../plain.js";

const LicenseStatus = { ACTIVE: "ACTIVE", EXPIRED: "EXPIRED", REVOKED: "REVOKED" } as const;
registerEnumType(LicenseStatus, {
  name: "LicenseStatus",
  description: "Whether a license works.",
  valuesConfig: {
    ACTIVE: { description: "Works." },
    EXPIRED: { description: "Past its expiration date." },
    REVOKED: { description: "Revoked by the operator." },
  },
});

@ObjectType({ description: "A countable limit and its use." })
export class Quota {
  constructor(
    private readonly most: number | null,
    private readonly taken: number,
  ) {}

  @Plain(() => Int, { nullable: true, description: "Most allowed; null means unlimited." })
  get limit(): number | null {
    return this.most;
  }

  @Plain(() => Int, { nullable: true, description: "Still available; null means unlimited." })
  get remaining(): number | null {
    return this.most === null ? null : Math.max(0, this.most - this.taken);
  }

  @Plain(() => Int, { description: "In use." })
  get used(): number {
    return this.taken;
  }
}

@ObjectType({
  implements: Node,
  description: "The business partner making the call. The license key itself is never readable.",
})
export class License extends Node<LicenseRow> {
  @Plain(() => String, { description: "Partner name." })
  get name(): string {
    return this.row.name;
  }

  @Plain(() => String, { description: "Last characters of the key, to recognize it by." })
  get keyHint(): string {
    return this.row.keyHint;
  }

  @Plain(() => DateTime, { description: "When the license stops working." })
  get expiresAt(): Date {
    return this.row.expiresAt;
  }

  @Plain(() => Quota, { description: "Meeting rooms: how many are allowed and how many exist." })
  get meetingRooms(): Quota {
    return new Quota(this.row.maxMeetings, this.row.meetingCount);
  }

  @Plain(() => Quota, { description: "Sessions running at once: how many are allowed and how many run." })
  get runningSessions(): Quota {
    return new Quota(this.row.maxRunning, this.row.runningCount);
  }

  @Plain(() => Int, {
    nullable: true,
    description: "Most people that may be in one session at the same time; null means unlimited.",
  })
  get maxAttendance(): number | null {
    return this.row.maxAttendance;
  }

  /** Over a socket the key was shown a while ago, so it may not work any more. */
  @Plain(() => LicenseStatus, { description: "Whether the license works." })
  status(_arguments: object, { services }: Context): keyof typeof LicenseStatus {
    const status = licenseStatus(this.row, services);
    return status === "DISABLED" ? "REVOKED" : status;
  }
}

/** As it is now: what the caller came with was read when it came, which over a socket is a while ago. */
export async function currentLicense({ loaders, caller }: Context): Promise<License> {
  return new License((await loaders.license()) ?? caller.license);
}

@Resolver(() => License)
export class LicenseResolver {
  @Needs("LICENSE_KEY")
  @Query(() => License, { nullable: true, description: "The calling license, its limits and use." })
  async license(@Ctx() context: Context): Promise<License> {
    return currentLicense(context);
  }

  @Needs("MEETINGS_READ")
  @Query(() => MeetingSettings, {
    nullable: true,
    description: "Switches a new meeting starts from when none are given, set per license.",
  })
  async generalMeetingSettings(@Ctx() context: Context): Promise<MeetingSettings> {
    return new MeetingSettings((await currentLicense(context)).row.generalSettings);
  }
}
