import { hkdfSync } from "node:crypto";
import { joinLinks } from "#gateway/domain/entering/join-link.js";
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

/** @throws Error naming the server whose answer is not the same, byte by byte, as that of the first */
export async function demandSame(servers: readonly Server[], work: Work): Promise<void> {
  const since = Date.now();
  const comparable: string[] = [];
  for (const server of servers) comparable.push(withoutMade(await answerTo(server, work), since));
  const other = comparable.findIndex((answer) => answer !== comparable[0]);
  if (other === -1) return;
  const [first, second] = [comparable[0] ?? "", comparable[other] ?? ""];
  const at = Array.from({ length: first.length }, (_, index) => index).findIndex(
    (index) => first[index] !== second[index],
  );
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  throw new Error(
    `${work.name}: ${servers[other]?.name ?? ""} answers otherwise than ${servers[0]?.name ?? ""}: ${around(second)} for ${around(first)}`,
  );
}
