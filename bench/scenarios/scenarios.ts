import type { Figure } from "../figures.js";
import type { Scenario } from "../options.js";
import { measureClass } from "./class.js";
import { measureLive } from "./live.js";
import { measurePool } from "./pool.js";
import { measureRoom } from "./room.js";
import type { Setting } from "./setting.js";
import { measureSoak } from "./soak.js";

/** What is not a work that servers take turns at, but a day in the life of ours. */
const scenarios: Record<Scenario, (setting: Setting) => Promise<Figure[]>> = {
  class: measureClass,
  live: measureLive,
  pool: measurePool,
  room: measureRoom,
  soak: measureSoak,
};

export const runScenario = (name: Scenario, setting: Setting): Promise<Figure[]> => scenarios[name](setting);
