import type sentences from "../../../messages/en.json";
import { pageData } from "./page-data.js";

/** A sentence of the page's own: src/messages/en.json and ar.json. Why links are refused is on a page without a script. */
export type TextKey = Exclude<Extract<keyof typeof sentences, `page.${string}`>, `page.refused.${string}`>;

let texts: Partial<Record<TextKey, string>> = {};

/** Before anything is shown. */
export async function loadTexts(): Promise<void> {
  const module = (await import(pageData.texts)) as { default: typeof texts };
  texts = module.default;
}

/** The sentence in the page's language, its `{facts}` filled in. */
export function text(key: TextKey, facts: Record<string, string | number> = {}): string {
  return (texts[key] ?? "").replace(/\{(\w+)\}/g, (hole, name: string) => {
    const fact = facts[name];
    return fact === undefined ? hole : typeof fact === "number" ? number(fact) : fact;
  });
}

// The page's language as this person's device speaks it: Arabic has two sets of digits, by country.
const { lang } = document.documentElement;
const locale = navigator.languages.find((each) => each.split("-")[0] === lang) ?? lang;
const numbers = new Intl.NumberFormat(locale);

export const number = (value: number): string => numbers.format(value);
