import type sentences from "../../../messages/en.json";
import { pageData } from "./page-data.js";

/** A sentence of the visitors' pages: src/messages/en.json and ar.json. */
export type TextKey = Extract<keyof typeof sentences, `page.${string}`>;

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
    return fact === undefined ? hole : typeof fact === "number" ? number(fact) : isolated(fact);
  });
}

/** What stands around `{name}`, for a name that is shown in an element of its own. */
export function textAround(key: TextKey): [before: string, after: string] {
  const [before = "", after = ""] = text(key).split("{name}");
  return [before, after];
}

/** A name of another direction turns nothing of the sentence around it. */
const isolated = (name: string): string => `\u2068${name}\u2069`;

// The page's language as this person's device speaks it: Arabic has two sets of digits, by country.
const { lang, dir } = document.documentElement;
export const locale = navigator.languages.find((each) => each.split("-")[0] === lang) ?? lang;
export const direction = dir === "rtl" ? "rtl" : "ltr";

const numbers = new Intl.NumberFormat(locale);
const times = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
const lists = new Intl.ListFormat(locale);

export const number = (value: number): string => numbers.format(value);
export const timeOf = (at: string): string => times.format(new Date(at));
export const listed = (names: readonly string[]): string => lists.format(names);
