// GraphQL over HTTP: a failed MUST fails the step; what fails of SHOULD and MAY is named.
import { serverAudits } from "graphql-http";
import { headers, url } from "./server.js";

const fetchFn = (input: string, init: RequestInit = {}) =>
  fetch(input, { ...init, headers: { ...(init.headers as Record<string, string>), ...headers } });

const failed: Record<string, string[]> = { MUST: [], SHOULD: [], MAY: [] };
const audits = serverAudits({ url, fetchFn });
for (const { id, name, fn } of audits) {
  const result = await fn();
  if (result.status === "ok") continue;
  console.log(`${id} ${name}: ${result.reason}`);
  failed[name.split(" ", 1)[0] ?? ""]?.push(id);
}

const list = Object.entries(failed).map(([level, ids]) => `${level}: ${ids.join(" ") || "none"}`);
console.log(`${audits.length} audits, failed ${list.join(", ")}`);
if (failed["MUST"]?.length !== 0 || audits.length === 0) process.exitCode = 1;
