import type { Answer, Parameters } from "../answer.js";
import type { World } from "../world.js";
import { getMeetingInfo, getMeetings, isMeetingRunning } from "./asking.js";
import { create } from "./create.js";
import { end } from "./end.js";
import { hooksCreate, hooksDestroy, hooksList } from "./hooks.js";
import { join } from "./join.js";
import { deleteRecordings, getRecordings, publishRecordings, updateRecordings } from "./recordings.js";

/** The calls that are signed, by what follows `/api/` in their address. */
export const calls = {
  create,
  join,
  end,
  isMeetingRunning,
  getMeetingInfo,
  getMeetings,
  getRecordings,
  publishRecordings,
  updateRecordings,
  deleteRecordings,
  "hooks/create": hooksCreate,
  "hooks/destroy": hooksDestroy,
  "hooks/list": hooksList,
} satisfies Record<string, (given: Parameters, world: World) => Answer>;

export type Call = keyof typeof calls;

export const isCall = (name: string): name is Call => Object.hasOwn(calls, name);
