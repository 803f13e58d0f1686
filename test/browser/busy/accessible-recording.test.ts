import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { hasBrowser, openBrowser } from "../../helpers/browser.js";
import { recordable, startRecording } from "../../helpers/recorded.js";
import { audit, axe } from "../audit.js";
import { enter, visit } from "../people.js";

test.skipIf(!hasBrowser).each(["ar-EG", "en-GB"])(
  "the audit finds nothing in what is said of recording, and of a device that the browser does not give, in %s",
  async (locale) => {
    const gateway = await boot();
    const { link, viewerLink } = await recordable(gateway);
    const { page } = await visit(await openBrowser(), link, { locale });
    const found: string[] = [];
    const look = async (state: string) => found.push(...(await audit(page, `${locale}, ${state}`)));
    await page.evaluate(axe);
    await look("door that says it may be recorded");
    await page.click("#cam");
    await page.waitForSelector("#device-problem[open]");
    await look("device that is not given");
    await page.keyboard.press("Escape");
    await enter(page);
    await page.click("#record");
    await page.waitForSelector("#record-dialog[open]");
    await look("asked whether to record");
    await page.click("#record-cancel");
    await page.click("#leave");
    const recorder = gateway.socket();
    await recorder.enter(link);
    await startRecording(recorder);
    await page.goto(viewerLink);
    await page.evaluate(axe);
    await look("door of what is being recorded");
    await enter(page);
    await page.waitForSelector("#recording");
    await look("being recorded");
    expect(found).toEqual([]);
  },
);
