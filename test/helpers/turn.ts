import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { writeFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./boot.js";

/** Whether coturn is on this machine; in CI it must be. */
export const hasTurn = spawnSync("turnserver", ["--version"]).error === undefined || Boolean(process.env["CI"]);
if (!hasTurn) console.warn("No coturn on this machine: what goes over a TURN server is not tested.");

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** A real coturn that takes names and passwords made with `secret`. @returns what it says, and its port */
export async function startTurn(address: string, secret: string) {
  const port = await freePort(address);
  const folder = temporaryFolder();
  const lines = {
    "listening-port": port,
    "listening-ip": address,
    "relay-ip": address,
    realm: "test",
    "static-auth-secret": secret,
    pidfile: `${folder}/pid`,
    userdb: `${folder}/users`,
    "log-file": "stdout",
  };
  const flags = ["use-auth-secret", "no-tls", "no-dtls", "no-cli", "simple-log", "verbose"];
  const text = [...Object.entries(lines).map(([name, value]) => `${name}=${value}`), ...flags].join("\n");
  writeFileSync(`${folder}/turn.conf`, `${text}\n`, { mode: 0o600 });
  const child = spawn("turnserver", ["-c", `${folder}/turn.conf`], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return { port, said: () => said };
}
