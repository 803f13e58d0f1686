import type { About } from "../about.js";
import type { Client } from "./client.js";
import type { Flavour } from "./flavours.js";

/** Whether the module is there that tells of comings and goings; a server without it has no such address. */
const hasHooks = async (client: Client): Promise<boolean> =>
  (await client.ask("hooks/list", []).catch(() => undefined))?.isSuccess === true;

/** What partners can't have on this server, whatever they ask for. */
function lacking(flavour: Flavour, hooks: boolean): string[] {
  const { title } = flavour;
  const lacks: [isLacking: boolean, what: string][] = [
    [!flavour.locksLayout, "lock the layout: lock_settings_locked_layout does nothing"],
    [!flavour.startsAndStopsRecording, "keep moderators from starting and stopping the recording"],
    [!flavour.keepsOurIds, "say who of ours is inside: people are told apart by their names"],
    [!flavour.callsBack, "tell of ends, attendance and recordings by itself: it is asked every 15 seconds"],
    [
      flavour.hasHooks && !hooks,
      "tell of comings and goings as they happen: the module bbb-webhooks does not answer, so it is asked every 15 seconds",
    ],
    [
      !flavour.hasHooks,
      `tell of comings and goings as they happen: ${title} has no webhooks, so it is asked every 15 seconds`,
    ],
    [!flavour.statesOfRecordings, "tell of recordings before they can be played"],
    [true, "change the settings of a room that runs: those of the start count"],
  ];
  return lacks.filter(([isLacking]) => isLacking).map(([, what]) => what);
}

/** @throws EngineUnavailable */
export async function about(client: Client, flavour: Flavour, reachedAt: string): Promise<About> {
  const { base, checksum } = client.access;
  const version = await client.version();
  const hooks = flavour.hasHooks && (await hasHooks(client));
  return {
    title: `${flavour.title} at ${new URL(base).host}`,
    facts: [
      `its API says version ${version || "nothing"}; calls are signed with ${checksum}`,
      ...(hooks ? ["bbb-webhooks answers: comings and goings are told as they happen"] : []),
      ...(flavour.callsBack ? [`it is told to call ${reachedAt}, which it must be able to reach`] : []),
      ...(base.startsWith("http:") ? ["its address is http: secrets of rooms go over the line in the open"] : []),
    ],
    cannot: lacking(flavour, hooks),
  };
}
