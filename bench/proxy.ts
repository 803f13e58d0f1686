import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, statOf, TICK_US } from "./processes.js";

// As the docs tell operators to set them up: what they are told to copy is what runs here.

/** Both the source, which tests load, and what is built of it find the docs. */
const docs = new URL(`${import.meta.url.includes("/dist/bench/") ? "../../" : "../"}docs/proxies.md`, import.meta.url);

export type ProxyName = "haproxy" | "nginx";

export const hasProxy = (name: ProxyName): boolean => spawnSync(name, ["-v"]).error === undefined;

interface Place {
  folder: string;
  port: number;
  plainPort: number;
  /** Certificate and key in one file; without it nothing is encrypted. */
  pem: string | undefined;
  servers: readonly string[];
}

/** @throws Error where the file has nothing of that kind: then it does not do what the docs say it does */
function put(text: string, pattern: RegExp, by: string | ((found: string) => string)): string {
  if (!pattern.test(text)) throw new Error(`the proxy's file has no ${String(pattern)}`);
  return typeof by === "string" ? text.replace(pattern, by) : text.replace(pattern, by);
}

function haproxyFile(text: string, { port, plainPort, pem, servers }: Place): string {
  const encrypted = pem === undefined ? "" : `$1 ssl crt ${pem}$2`;
  const bound = put(text, /bind :80$/m, `bind 127.0.0.1:${plainPort}`);
  const here = put(bound, /bind :443( )ssl crt \S+( alpn.*)$/m, `bind 127.0.0.1:${port}${encrypted}`);
  const linesOf = (name: string, rest: string) =>
    servers.map((address, nth) => `  server ${name}${nth} ${address}${rest}\n`).join("");
  const usual = put(here, /(?:^ {2}server \S+ 10\.0\.0\.\d+:4000\n)+/m, linesOf("server", ""));
  return put(usual, /(?:^ {2}server \S+ 10\.0\.0\.\d+:4000 .*\n)+/m, (found) => linesOf("spare", restOf(found)));
}

/** What stands behind the address in the first of these lines, which is the same in all of them. */
const restOf = (lines: string): string => /:4000( .*)$/m.exec(lines)?.[1] ?? "";

function nginxFile(text: string, { folder, port, plainPort, pem, servers }: Place): string {
  const bound = put(text, /listen 80;/, `listen 127.0.0.1:${plainPort};`);
  const listen = `listen 127.0.0.1:${port}${pem === undefined ? "" : " ssl http2"};`;
  let own = put(bound, /listen 443 ssl http2;/, listen);
  own = put(own, /ssl_certificate \S+;/, pem === undefined ? "" : `ssl_certificate ${pem};`);
  own = put(own, /ssl_certificate_key \S+;/, pem === undefined ? "" : `ssl_certificate_key ${pem};`);
  own = put(own, /access_log \S+/, `access_log ${folder}/${LOG}`);
  const linesOf = (found: string) => servers.map((address) => `  server ${address}${restOf(found)}\n`).join("");
  // First those that are asked usually, then those for when none of them is left.
  for (const _kind of ["usual", "spare"]) own = put(own, /(?:^ {2}server 10\.0\.0\.\d+:4000.*;\n)+/m, linesOf);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const temporary = paths.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  // What stands around the file where nginx is installed.
  return `daemon off; pid ${folder}/nginx.pid; error_log stderr; worker_processes 2; events { worker_connections 4096; }
http { ${temporary}
${own}}\n`;
}

/** nginx opens its log by its name, which a pipe of Node's has not. */
const LOG = "access.log";

const files = { haproxy: haproxyFile, nginx: nginxFile };
const headings = { haproxy: "HAProxy", nginx: "nginx" };

/** The file that stands below this name's heading. */
function documented(name: ProxyName): string {
  const found = new RegExp(`^## ${headings[name]}\n.*?^\`\`\`text\n(.*?)^\`\`\`$`, "ms").exec(
    readFileSync(docs, "utf8"),
  );
  if (!found?.[1]) throw new Error(`the docs have no file for ${name}`);
  return found[1];
}

const STARTS_WITHIN_MS = 10_000;

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" }, () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false)).unref();
    socket.once("connect", () => socket.destroy());
  });

export interface Proxy {
  url: string;
  /** Where what is not encrypted is sent away. */
  plainUrl: string;
  /** What it wrote to its log, and of faults. */
  said(): string;
  /** Microseconds of CPU that it has used. */
  cpu(): number;
  stop(): Promise<void>;
}

export interface ProxyPlan {
  /** Of its own. */
  folder: string;
  /** `host:port` of each. */
  servers: readonly string[];
  pem?: string;
  /** Whether somebody reads its log; by default it goes to nobody. */
  isHeard?: boolean;
}

/** Starts it by the file of the docs, with these servers in place of the file's. @throws Error when it does not start */
export async function startProxy(name: ProxyName, { folder, servers, pem, isHeard }: ProxyPlan): Promise<Proxy> {
  mkdirSync(folder, { recursive: true });
  const [port, plainPort] = [await freePort(), await freePort()];
  const path = `${folder}/${name}.conf`;
  writeFileSync(path, files[name](documented(name), { folder, port, plainPort, pem, servers }));
  const args = name === "haproxy" ? ["-db", "-f", path] : ["-c", path];
  const child = spawn(name, args, { stdio: ["ignore", isHeard ? "pipe" : "ignore", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => (said += data.toString()));
  const until = performance.now() + STARTS_WITHIN_MS;
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`${name} does not start: ${said}`);
    await sleep(20);
  }
  return {
    url: `${pem === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    plainUrl: `http://127.0.0.1:${plainPort}`,
    said: () => said + (name === "nginx" ? readFileSync(`${folder}/${LOG}`, "utf8") : ""),
    cpu: () => (statOf(child.pid ?? 0)?.own ?? 0) * TICK_US,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      // At once: open lines are not waited for.
      child.kill("SIGTERM");
      await gone;
    },
  };
}
