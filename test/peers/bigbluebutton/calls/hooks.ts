import { type Answer, failed, noted, page, type Parameters, succeeded } from "../answer.js";
import { algorithmOf } from "../signature.js";
import type { Hook } from "../webhooks.js";
import type { World } from "../world.js";
import type { Element } from "../xml.js";

const told = ({ hookID, callbackURL, meetingID, eventIDs, rawData }: Hook): Element => [
  "hook",
  [
    ["hookID", hookID],
    ["callbackURL", { cdata: callbackURL }],
    ...(meetingID === undefined ? [] : [["meetingID", { cdata: meetingID }] as const]),
    ...(eventIDs === undefined ? [] : [["eventID", eventIDs.join(",")] as const]),
    ["permanentHook", false],
    ["rawData", rawData],
  ],
];

/** An address that is known keeps its hook as it is, whatever else is asked now. */
export function hooksCreate(given: Parameters, { webhooks }: World): Answer {
  const { callbackURL, meetingID, eventID, getRaw } = given;
  if (!callbackURL) return failed("missingParamCallbackURL");
  const known = webhooks.list().find((hook) => hook.callbackURL === callbackURL);
  if (known)
    return succeeded(["hookID", known.hookID], ...noted("duplicateWarning", "There is already a hook for it."));
  const { hookID, rawData } = webhooks.add({
    callbackURL,
    ...(meetingID && { meetingID }),
    ...(eventID && { eventIDs: eventID.split(",") }),
    rawData: getRaw === "true",
  });
  return succeeded(["hookID", hookID], ["permanentHook", false], ["rawData", rawData]);
}

export function hooksDestroy({ hookID }: Parameters, { webhooks }: World): Answer {
  if (!hookID) return failed("missingParamHookID");
  return webhooks.remove(hookID) ? succeeded(["removed", true]) : failed("destroyMissingHook");
}

export function hooksList({ meetingID }: Parameters, { webhooks }: World): Answer {
  const wanted = webhooks.list().filter((hook) => !meetingID || !hook.meetingID || hook.meetingID === meetingID);
  return succeeded(["hooks", wanted.map(told)]);
}

/** Before it is looked whether a call is signed: it is not there, it is broken, or it needs no signature. */
export function ofHooks(call: string, given: Parameters, { settings, webhooks }: World): Answer | undefined {
  if (!call.startsWith("hooks/")) return undefined;
  // A balancer knows no such call and says so in its own way.
  if (settings.hooks === "none") return settings.flavour === "scalelite" ? undefined : page(404, "Not Found");
  if (!webhooks.running) return page(502, "Bad Gateway");
  if (call === "hooks/ping") return { status: 200, type: "text/plain", text: "bbb-webhooks up!" };
  const { checksum = "" } = given;
  if (!algorithmOf(checksum) && settings.hooks !== "2.6") return page(500, "Internal Server Error");
  return undefined;
}
