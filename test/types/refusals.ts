import { refuseIssues } from "../../src/domain/checks.js";
import { endSession } from "../../src/domain/session/end-session.js";
import { linkRefusals } from "../../src/domain/entering/opening.js";
import { demandEngine } from "../../src/domain/session/engine-call.js";
import { settledSession } from "../../src/domain/session/settled-session.js";
import { findRepeat, type Repeatable } from "../../src/domain/idempotency.js";
import { demandPassword } from "../../src/domain/passwords.js";
import { Refusal, type RefusalCode } from "../../src/domain/refusal.js";
import { refuseFullRoom } from "../../src/domain/session/room.js";
import type { Caller } from "../../src/domain/caller.js";
import type { Services } from "../../src/domain/services.js";
import { resultOf } from "../../src/graphql/result.js";
import type { Queries } from "../../src/storage/index.js";

// Nothing here runs. `npm run types` fails when a line under an `@ts-expect-error` compiles.

// @ts-expect-error -- no such code
export const misspelt = ["NOT_FOUND", "NOT_FOND"] as const satisfies readonly RefusalCode[];

const listed = ["NOT_FOUND", "ENGINE_FAILED"] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(listed);
export const inList = () => refuse("NOT_FOUND", { resource: "MEETING" });
// @ts-expect-error -- not in the list
export const outside = () => refuse("INVALID_PASSWORD", {});
// @ts-expect-error -- its facts are others
export const wrongFacts = () => refuse("NOT_FOUND", { limit: 1 });
// @ts-expect-error -- past every list
export const pastTheList = () => new Refusal("NOT_FOUND", { resource: "MEETING" });

/** What helps a use-case refuses by the use-case's own list, and by nothing else. */
export function helped(services: Services, caller: Caller, tx: Queries, call: Repeatable) {
  const { reach, license } = caller;
  void demandEngine(refuse, services, async () => {});
  void settledSession(refuse, services, reach, "id");
  void endSession(refuse, services, caller, { sessionId: "id", cause: "API" });
  const poor = Refusal.outOf(["NOT_FOUND"]);
  // @ts-expect-error -- ENGINE_FAILED is not in its list
  void demandEngine(poor, services, async () => {});
  // @ts-expect-error -- ENGINE_FAILED is not in its list
  void settledSession(poor, services, reach, "id");
  // @ts-expect-error -- ENGINE_FAILED is not in its list
  void endSession(poor, services, caller, { sessionId: "id", cause: "API" });
  // @ts-expect-error -- ATTENDANCE_LIMIT_REACHED is not in its list
  void refuseFullRoom(poor, tx, license, "id");
  // @ts-expect-error -- IDEMPOTENCY_KEY_REUSED is not in its list
  void findRepeat(poor, tx, services, caller, call);
  // @ts-expect-error -- INVALID_PASSWORD and TOO_MANY_ATTEMPTS are not in its list
  demandPassword(poor, services, "id:MODERATOR", "required", "shown");
  // @ts-expect-error -- INVALID_INPUT is not in its list
  refuseIssues(poor, []);
}

class Success {}
export const result = resultOf("endMeeting", Success, listed);
// @ts-expect-error -- the visitors' door has no error class in the graph
export const noResult = resultOf("enterRoom", Success, linkRefusals);
