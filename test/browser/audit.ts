import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** To be evaluated in a page before it is audited. */
export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const schemes = ["light", "dark"] as const;

/** What the audit finds in the page as it is, light and dark: contrast alone differs between them. */
export async function audit(page: Page, state: string) {
  const found: string[] = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const only = colorScheme === "light" ? { type: "tag", values: tags } : { type: "rule", values: ["color-contrast"] };
    const run = `axe.run({ runOnly: ${JSON.stringify(only)}, resultTypes: ["violations"] })`;
    const { violations } = await page.evaluate<AxeResults>(run);
    for (const { id, nodes } of violations) {
      found.push(
        ...nodes.map(({ target, any }) => `${state}, ${colorScheme}: ${id} ${target.join()} ${any[0]?.message ?? ""}`),
      );
    }
  }
  return found;
}
