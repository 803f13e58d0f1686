import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./boot.js";
import { browserArgs, browserPath } from "./browser.js";

const ip = (...args: string[]) => execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

function canMakeHosts(): boolean {
  try {
    const name = `vc${process.pid}t`;
    ip("netns", "add", name);
    ip("netns", "del", name);
    return true;
  } catch {
    return false;
  }
}

/** Whether this machine lets us make hosts of our own, each with its own line: root, and iproute2. In CI it must. */
export const hasHosts = canMakeHosts() || Boolean(process.env["CI"]);
if (!hasHosts) console.warn("No network namespaces here: tests that cut lines are skipped.");

let made = 0;

/** A browser on a machine of its own, as far as the network goes. */
export interface Host {
  browser: Browser;
  /** Its cable is pulled, and plugged in again. */
  cut(): void;
  mend(): void;
  /** Another network gives it another address; what was open under the old one hears nothing more. */
  moveElsewhere(): string;
  /** As it is now. */
  address(): string;
}

/**
 * A switch that the server is plugged in under `address`, and hosts beside it. The hosts of two such networks reach this
 * machine under both of its addresses, and not each other.
 */
export function openNetwork() {
  const name = `vc${process.pid}n${(made += 1)}`;
  // Of another process' networks at the same time, it is unlikely to be one.
  const subnet = `10.${213 + (made % 40)}.${process.pid % 250}`;
  const address = `${subnet}.1`;
  ip("link", "add", name, "type", "bridge");
  onTestFinished(() => void ip("link", "del", name));
  ip("addr", "add", `${address}/24`, "dev", name);
  ip("link", "set", name, "up");
  let last = 1;
  const nextAddress = () => `${subnet}.${(last += 1)}`;
  return {
    address,
    /** @param origin of the server: browsers give devices to pages of an address only where they are told that it is safe */
    host: (origin: string): Promise<Host> => openHost({ bridge: name, gateway: address, nextAddress }, origin),
  };
}

interface Network {
  bridge: string;
  gateway: string;
  nextAddress(): string;
}

async function openHost({ bridge, gateway, nextAddress }: Network, origin: string): Promise<Host> {
  let own = nextAddress();
  const name = `${bridge}h${own.split(".")[3]}`;
  const [plug, inside] = [`${name}p`, "eth0"];
  const within = (...args: string[]) => ip("-n", name, ...args);
  const takeAddress = () => {
    within("addr", "add", `${own}/24`, "dev", inside);
    within("route", "replace", "default", "via", gateway);
  };
  ip("netns", "add", name);
  onTestFinished(() => {
    ip("link", "del", plug);
    ip("netns", "del", name);
  });
  ip("link", "add", plug, "type", "veth", "peer", "name", inside, "netns", name);
  ip("link", "set", plug, "master", bridge, "up");
  within("link", "set", "lo", "up");
  within("link", "set", inside, "up");
  takeAddress();

  const starter = `${temporaryFolder()}/browser`;
  writeFileSync(starter, `#!/bin/sh\nexec ip netns exec ${name} ${browserPath()} "$@"\n`);
  chmodSync(starter, 0o755);
  const args = [...browserArgs, `--unsafely-treat-insecure-origin-as-secure=${origin}`];
  const browser = await chromium.launch({ executablePath: starter, args });
  onTestFinished(() => browser.close());
  return {
    browser,
    cut: () => void ip("link", "set", plug, "down"),
    mend: () => void ip("link", "set", plug, "up"),
    moveElsewhere() {
      within("addr", "del", `${own}/24`, "dev", inside);
      own = nextAddress();
      takeAddress();
      return own;
    },
    address: () => /inet ([\d.]+)/.exec(within("-4", "addr", "show", inside))?.[1] ?? "",
  };
}
