import type { Server } from "./servers.js";
import type { Ask, Work } from "./works.js";

/** Ids that are made by a request differ, and with them a link's checksum; all else must be the same. */
const made = (text: string): string =>
  text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "(id)");

async function answerTo(server: Server, { method, path, headers, body }: Ask): Promise<string> {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  if (response.status >= 300) throw new Error(`${server.name} answers ${path} with ${response.status}: ${text}`);
  return `${response.status} ${String(response.headers.get("content-type"))}\n${text}`;
}

/** @throws Error naming the server whose answer is not the same, byte by byte, as that of the first */
export async function demandSame(servers: readonly Server[], work: Work): Promise<void> {
  const asked = work.ask(0);
  const answers: string[] = [];
  for (const server of servers) answers.push(await answerTo(server, asked));
  const comparable = answers.map((answer) => (asked.method === "GET" ? answer : made(answer)));
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
