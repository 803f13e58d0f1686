import { createHmac } from "node:crypto";
import type { IceSetting } from "../../engine.js";

/** How long a person's name and password for the TURN servers are good: a page asks for new ones in half the time. */
const CREDENTIAL_SECONDS = 3_600;

/** An `RTCIceServer` (W3C WebRTC, 4.2.2). */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

export interface IceServers {
  servers: IceServer[];
  /** How long they are good. */
  seconds: number;
}

const isTurn = (address: string): boolean => /^turns?:/.test(address);

/**
 * What this person's browser may find its way with. TURN servers get a name that says until when it is good, and its MAC as
 * the password: what coturn calls `use-auth-secret`. So a password that was passed on is of no use for long.
 */
export function iceServersFor({ addresses, turnSecret }: IceSetting, personId: string, now: Date): IceServers {
  const stun = addresses.filter((address) => !isTurn(address));
  const turn = addresses.filter(isTurn);
  const username = `${Math.floor(now.getTime() / 1000) + CREDENTIAL_SECONDS}:${personId}`;
  const credential = createHmac("sha1", turnSecret ?? "")
    .update(username)
    .digest("base64");
  return {
    servers: [
      ...(stun.length > 0 ? [{ urls: stun }] : []),
      ...(turn.length > 0 ? [{ urls: turn, username, credential }] : []),
    ],
    seconds: CREDENTIAL_SECONDS,
  };
}
