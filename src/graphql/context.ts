import type { Caller } from "../domain/caller.js";
import type { Denial, Recognized } from "../domain/license/license.js";
import type { Services } from "../domain/services.js";
import type { Queries } from "../storage/index.js";
import type { Facts, MessageKey, Messages } from "../messages/index.js";
import { deniedFault } from "./run/codes.js";
import { pageSize } from "./run/limits.js";
import type { Account, BudgetState } from "./run/budget.js";
import type { Following } from "./run/following.js";
import { type Loaders, makeLoaders } from "./loaders.js";

/** What an operation cost, and the budget after it. */
export type Spent = BudgetState & { cost: number };

export interface ContextInput {
  services: Services;
  messages: Messages;
  requestId: string;
  language: string;
  recognized: Recognized;
  door: "V1" | "GRAPHQL";
  pageLimit?: number;
  nameField?: (name: string) => string;
}

/** What every resolver is given: one request's. */
export class Context {
  readonly services: Services;
  readonly requestId: string;
  readonly language: string;
  /** Rows a page may have: a rule of the public door; the in-process one of v1 has a higher ceiling. */
  readonly pageLimit: number;
  /** A field's name as the caller's door spells it, for sentences. */
  readonly nameField: (name: string) => string;
  /** The sentence in the caller's language. */
  readonly say: (key: MessageKey, facts?: Facts) => string;
  /** What pays for its operations, from the first look on; v1 pays nothing. */
  account: Account | undefined;
  /**
   * What a field of the operation is planned as, by its node. Here, and not in a map of contexts: a weak one would keep
   * what was loaded for each of them until the old generation is collected.
   */
  readonly plans = new Map<unknown, { variables: unknown; plan: unknown }>();
  /** What the operation cost and what is left, once it was admitted; v1 spends nothing. */
  spent: Spent | undefined;
  /** Begins what a subscription costs while it lasts; @throws TooManyHeld. Set for an admitted one. */
  beginFollowing: (() => Following) | undefined;
  /** Whether the operation asks the database more than once: then all that follows one another is of one moment. */
  readsOften = false;
  // Apollo Server copies a context, which private names would not survive.
  private reading: Queries | undefined;
  private loaded: Loaders | undefined;
  /** Why there is no valid license; undefined when there is one. */
  readonly denied: Denial | undefined;
  /** Who calls; undefined where there is no valid license. */
  readonly known: { caller: Caller } | undefined;

  constructor({ services, messages, requestId, language, recognized, door, pageLimit, nameField }: ContextInput) {
    this.services = services;
    this.requestId = requestId;
    this.language = language;
    this.pageLimit = pageLimit ?? pageSize.most;
    this.nameField = nameField ?? ((name) => name);
    this.say = (key, facts) => messages.text(language, key, facts);
    this.denied = "denied" in recognized ? recognized.denied : undefined;
    if (!("denied" in recognized)) {
      // Written out: to spread an object that others are added to costs more than all the rest here.
      const { license, reach, grant } = recognized;
      this.known = { caller: { license, reach, grant, door, requestId, actor: grant?.tokenId } };
    }
  }

  /** @throws GraphQLError UNAUTHENTICATED, LICENSE_EXPIRED, LICENSE_REVOKED */
  get caller(): Caller {
    return this.required().caller;
  }

  /** Whoever has the same is answered the same to the same question. */
  get audience(): string {
    const { license, reach, grant } = this.caller;
    const scopes = grant ? [...grant.scopes].toSorted() : "all";
    return JSON.stringify([this.language, license.id, reach.meetingId, scopes]);
  }

  /** What it reads by. */
  get read(): Queries {
    const { storage } = this.services;
    return (this.reading ??= this.readsOften ? storage.moment() : storage.read);
  }

  get loaders(): Loaders {
    return (this.loaded ??= makeLoaders(this.read, this.required().caller.reach, this.services));
  }

  /** What was loaded before a mutation is no longer true after it. */
  forgetLoaded(): void {
    this.reading = undefined;
    this.loaded = undefined;
  }

  private required() {
    if (this.known) return this.known;
    const denied = this.denied ?? "UNAUTHENTICATED";
    throw deniedFault(denied, this.say(`denied.${denied}`));
  }
}
