import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser } from "../../helpers/browser.js";
import { createMeeting, joinMeeting, startMeeting } from "../../helpers/meetings.js";
import { hasHosts, openNetwork } from "../../helpers/network.js";
import { hasTurn, startTurn } from "../../helpers/turn.js";
import { enter, visit } from "../people.js";
import { counted, endsOf, watchConnections } from "../watching.js";

const within = { timeout: 20_000, interval: 200 };
const secret = "what only the two servers know";

test.skipIf(!hasBrowser || !hasHosts || !hasTurn).each([{ transport: "udp" }, { transport: "tcp" }])(
  "two people whose networks don't reach each other see and hear each other over a TURN server, by $transport",
  async ({ transport }) => {
    const networks = [openNetwork(), openNetwork()];
    const [{ address } = { address: "" }] = networks;
    const turn = await startTurn(address, secret);
    const gateway = await boot({
      env: {
        HOST: address,
        ICE_SERVERS: `turn:${address}:${turn.port}?transport=${transport}`,
        TURN_SECRET: secret,
      },
    });
    const meetingId = await createMeeting(gateway);
    const links = [
      await startMeeting(gateway, meetingId, { moderator_name: "Noor" }),
      await joinMeeting(gateway, meetingId, "Dana"),
    ];
    const pages = [];
    for (const [at, link] of links.entries()) {
      const { browser } = (await networks[at]?.host(gateway.url)) ?? {};
      if (!browser) throw new Error("no host");
      const options = { width: 500, height: 400, isOwn: true, withDevices: true, before: watchConnections };
      const { page } = await visit(browser, link, options);
      await enter(page);
      await page.click("#mic");
      await page.click("#cam");
      pages.push(page);
    }
    for (const page of pages) {
      await expect.poll(async () => (await counted(page)).frames, within).toBeGreaterThan(5);
      await expect.poll(async () => (await counted(page)).energy, within).toBeGreaterThan(0);
    }
    for (const page of pages) expect((await endsOf(page)).map(({ candidateType }) => candidateType)).toContain("relay");
    expect(turn.said()).not.toContain(secret);
  },
  60_000,
);
