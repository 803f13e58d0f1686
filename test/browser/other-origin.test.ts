import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { hasBrowser, openBrowser } from "../helpers/browser.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { openPage } from "../helpers/pages.js";
import { testEngine } from "../helpers/test-engine.js";

const options = { timeout: 15_000 };

test.skipIf(!hasBrowser)(
  "enter-2: a link opened under another origin names the address that works and leads there; the log warns once",
  async () => {
    const warnings: [object, string][] = [];
    const log = { warn: (facts: object, message: string) => void warnings.push([facts, message]), error: () => {} };
    const gateway = await boot({ log });
    const link = await startMeeting(gateway, await createMeeting(gateway), { moderator_name: "Zoë & Co" });
    const browser = await openBrowser();
    const elsewhere = link.replace("127.0.0.1", "localhost");
    for (let times = 0; times < 2; times += 1) {
      const page = await openPage(browser);
      await page.goto(elsewhere);
      await page.waitForSelector('body[data-view="other-origin"]', options);
      expect(await page.innerText("#other-origin")).toContain(gateway.url);
      expect(await page.isVisible("#enter")).toBe(false);
      if (times === 0) continue;
      await page.click("#right-address");
      await page.waitForURL(link);
      await page.click("#enter");
      await page.waitForSelector('body[data-view="room"]', options);
    }
    const said = warnings.filter(([, message]) => message.includes("PUBLIC_URL"));
    const origin = elsewhere.slice(0, elsewhere.indexOf("/api"));
    expect(said.map(([facts]) => facts)).toEqual([{ origin, publicUrl: gateway.url }]);
  },
);

test.skipIf(!hasBrowser)(
  "enter-1: with an engine that has its own pages the button leads on to it, from one origin to another",
  async () => {
    const engine = testEngine();
    const gateway = await boot(engine.first);
    const link = await startMeeting(gateway, await createMeeting(gateway, { title: "Algebra" }));
    const page = await openPage(await openBrowser());
    const complaints: string[] = [];
    page.on(
      "console",
      (message) => message.text().includes("Content Security Policy") && complaints.push(message.text()),
    );
    await page.goto(link);
    expect([await page.innerText("h1"), engine.rooms.size]).toEqual(["Algebra", 1]);
    await page.click("#enter");
    await page.waitForURL(/^http:\/\/localhost:\d+\/test-engine\/join/, options);
    expect(await page.innerText("h1")).toBe("mod1");
    expect(complaints).toEqual([]);
  },
);
