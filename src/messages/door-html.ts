/** What every door says, be it a page of ours before a room of ours or of an engine's: HTML, escaped. */

import { escapeHtml } from "./html.js";
import { linkParts } from "./links.js";

/** The text in its own direction, with the addresses in it to be opened; nothing where there is none. */
export function welcomeHtml(welcome: string | null): string {
  if (!welcome) return "";
  const parts = linkParts(welcome).map(({ text, address }) =>
    address === undefined
      ? escapeHtml(text)
      : `<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer nofollow"><bdi dir="ltr">${escapeHtml(text)}</bdi></a>`,
  );
  return `<p class="welcome" dir="auto">${parts.join("")}</p>\n`;
}

/** @param sentence with `{name}` in it, which is shown in its own direction */
export function entersAsHtml(sentence: string, name: string): string {
  const shown = `<strong><bdi>${escapeHtml(name)}</bdi></strong>`;
  return `<p class="enters-as"><span>${escapeHtml(sentence).replace("{name}", () => shown)}</span></p>\n`;
}
