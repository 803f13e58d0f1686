import { Agenda } from "./agenda.js";
import { type PeerOptions, type Settings, settingsOf } from "./flavours.js";
import type { Role } from "./meeting.js";
import { Meetings } from "./meetings.js";
import { Outbox } from "./outbox.js";
import { Playback } from "./playback.js";
import { Recordings } from "./recordings.js";
import { Webhooks } from "./webhooks.js";

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
  recordings: Recordings;
  playback: Playback;
  webhooks: Webhooks;
  outbox: Outbox;
  /** By session token. */
  entering: Map<string, Entering>;
  /** `http://127.0.0.1:PORT` */
  origin: () => string;
}

export function worldOf(options: PeerOptions, origin: () => string): World {
  const settings = settingsOf(options);
  const agenda = new Agenda(settings.clock);
  const meetings = new Meetings(settings, agenda);
  const recordings = new Recordings(settings, agenda, meetings);
  const outbox = new Outbox(agenda, settings.times.hookTimeout);
  const webhooks = new Webhooks(settings, agenda, outbox, { meetings, recordings });
  const playback = new Playback({ settings, agenda, recordings, origin });
  return { settings, agenda, meetings, recordings, outbox, webhooks, playback, entering: new Map(), origin };
}
