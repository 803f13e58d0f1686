import { hkdfSync } from "node:crypto";
import { joinLinks } from "#gateway/domain/entering/join-link.js";
import { isOurs } from "./peers.js";
import { publicUrl, secretKey, type Server } from "./servers.js";
import type { Ask, Work } from "./works/work.js";

const links = joinLinks([Buffer.from(hkdfSync("sha256", secretKey, "", "vconnct join-link", 32))], () => publicUrl);

/** A link's checksum, where it is the right one. */
function checked(link: string): string {
  const isGood = links.verify(link.slice(link.indexOf("?") + 1)) !== undefined;
  return isGood ? link.replace(/checksum=.*$/, "checksum=(right)") : link;
}

/** Ids begin with the time at which they were made. */
const madeAt = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** What each server makes anew for each request is not the same: ids, and with them the checksums of links. */
const withoutMade = (text: string, since: number): string =>
  text
    .replace(/https:[^"]*checksum=\w+/g, checked)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
      madeAt(id) >= since ? "(new id)" : id,
    );

async function answerTo(server: Server, work: Work): Promise<string> {
  const { method, path, headers, body }: Ask = work.ask(0, server.name);
  const response = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  if (response.status >= 300) throw new Error(`${server.name} answers ${path} with ${response.status}: ${text}`);
  if (work.compared) return work.compared(text, server.name);
  return `${response.status} ${String(response.headers.get("content-type"))}\n${text}`;
}

function difference(theirs: string, ours: string): string {
  let at = 0;
  while (theirs[at] === ours[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return `${around(theirs)} for ${around(ours)}`;
}

/** A server that can't be measured beside us, because it does something else. */
export interface Refused {
  server: Server;
  why: string;
}

/** Those whose answer is not the same as ours, byte by byte. */
export async function refusedAt(servers: readonly Server[], work: Work): Promise<Refused[]> {
  const since = Date.now();
  const answers = new Map<Server, string>();
  for (const server of servers) {
    answers.set(server, withoutMade(await answerTo(server, work).catch(String), since));
  }
  const ours = answers.get(servers.find(({ name }) => isOurs(name)) ?? (servers[0] as Server)) ?? "";
  return [...answers]
    .filter(([, answer]) => answer !== ours)
    .map(([server, answer]) => ({ server, why: `${server.name} at ${work.name}: ${difference(answer, ours)}` }));
}
