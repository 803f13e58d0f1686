import { randomBytes } from "node:crypto";
import { Agenda } from "./agenda.js";
import { type PeerOptions, type Settings, settingsOf } from "./flavours.js";
import { Meetings } from "./meetings.js";
import type { Role } from "./meetings.js";

/** A browser that was sent on to the client, and has not shown up there yet. */
export interface Entering {
  meetingID: string;
  createTime: number;
  externalId: string;
  internalId: string;
  name: string;
  role: Role;
  logoutURL: string;
}

/** All that the server keeps, and what its calls stand on. */
export interface World {
  settings: Settings;
  agenda: Agenda;
  meetings: Meetings;
  /** By session token. */
  entering: Map<string, Entering>;
  /** `http://127.0.0.1:PORT` */
  origin: () => string;
}

export const letters = (count: number): string => randomBytes(count).toString("hex").slice(0, count);

export function worldOf(options: PeerOptions, origin: () => string): World {
  const settings = settingsOf(options);
  const agenda = new Agenda(settings.clock);
  return { settings, agenda, meetings: new Meetings(settings, agenda), entering: new Map(), origin };
}
