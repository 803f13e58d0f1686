import type { Callback } from "../../engine.js";
import { analytics } from "./analytics.js";
import { ended } from "./ended.js";
import type { Hear, Hearing } from "./hearing.js";
import { recordingReady } from "./recording-ready.js";
import { webhooks } from "./webhooks.js";

/** By the first part of the path that the address was handed out with. */
const kinds: Readonly<Record<string, Hear>> = {
  webhooks,
  ended,
  analytics,
  "recording-ready": recordingReady,
};

export const hearing =
  (of: Hearing) =>
  async (callback: Callback): Promise<{ status: number }> => {
    const [kind = "", ...rest] = callback.path.split("/");
    const hear = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    return hear ? hear(callback, of, rest.join("/")) : { status: 404 };
  };
