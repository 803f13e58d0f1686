import { letters } from "./letters.js";
import { online, type User } from "./meeting.js";
import type { World } from "./world.js";

/** What came of a person who opened a link. */
export interface Visit {
  /** In the meeting; else `refused` says why not. */
  inside: boolean;
  /** The `key` of the redirect's errors, or the `messageKey` of the XML that the browser shows; else `HTTP <status>`. */
  refused?: string;
  /** The browser shows XML. */
  sawXml: boolean;
  /** The address it has come to, or was about to leave this server for. */
  address: string;
  /** Whether still inside; windows that the server has closed are not. */
  isInside(): boolean;
  /** Closes the window. */
  leave(): void;
  /** Loses the line and comes back: in again under another internal id. */
  reconnect(): void;
}

interface Seen {
  address: string;
  status: number;
  text: string;
}

const HOPS = 6;

/** Follows redirects as a browser does, until one leads away from this server. */
async function follow(link: string, origin: string): Promise<Seen> {
  let address = link;
  // A link of the gateway's shows a button first, which sends the browser on.
  let method = new URL(link).origin === origin ? "GET" : "POST";
  for (let hops = 0; hops < HOPS; hops += 1) {
    const response = await fetch(address, { method, redirect: "manual" });
    const text = await response.text();
    const location = response.headers.get("location");
    if (!location) return { address, status: response.status, text };
    address = new URL(location, address).href;
    method = "GET";
    if (new URL(address).origin !== origin) return { address, status: response.status, text };
  }
  throw new Error(`${link} leads in a circle`);
}

function keyOf({ address, status, text }: Seen): string {
  const errors = new URL(address).searchParams.get("errors");
  if (errors) return (JSON.parse(errors) as { key: string }[])[0]?.key ?? "none";
  return /<messageKey>(.*?)<\/messageKey>/.exec(text)?.[1] ?? `HTTP ${status}`;
}

/** A person's browser with this link: the server's own, or one of the gateway's that leads here. */
export async function open(link: string, world: World): Promise<Visit> {
  const seen = await follow(link, world.origin());
  const token = new URL(seen.address).searchParams.get("sessionToken") ?? "";
  const who = world.entering.get(token);
  const meeting = who && world.meetings.get(who.meetingID);
  let user: User | undefined = meeting?.users.find(({ internalId }) => internalId === who?.internalId);
  const isInside = () => meeting !== undefined && online(meeting).some((each) => each === user);
  const inside = isInside();
  const leave = () => {
    if (meeting && user) world.meetings.leave(meeting, user);
  };
  return {
    inside,
    ...(!inside && { refused: keyOf(seen) }),
    sawXml: /<response>/.test(seen.text),
    address: seen.address,
    isInside,
    leave,
    reconnect() {
      if (!meeting || !user) return;
      const before = user;
      user = world.meetings.join(meeting, { ...before, internalId: `w_${letters(12)}` });
      world.meetings.leave(meeting, before);
    },
  };
}
