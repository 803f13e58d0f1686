import { builtPage, pageFileAddress } from "../../../built-page.js";
import { escapeHtml, renderDocument } from "../../../messages/html.js";
import type { MessageKey } from "../../../messages/index.js";

export interface PlaybackPage {
  language: string;
  direction: "rtl" | "ltr";
  text: (key: MessageKey) => string;
  /** Where the file is, for a while; undefined: there is none to be watched. */
  media: string | undefined;
}

/** Where a recording is watched. */
export function renderPlaybackPage({ language, direction, text, media }: PlaybackPage): string {
  const say = (key: MessageKey) => escapeHtml(text(key));
  const body =
    media === undefined
      ? `<main><section class="card notice"><h1>${say("playback.none.heading")}</h1><p>${say("playback.none.explanation")}</p></section></main>`
      : `<main><video controls src="${escapeHtml(media)}"></video></main>`;
  return renderDocument({
    language,
    direction,
    title: text(media === undefined ? "playback.none.heading" : "playback.heading"),
    stylesheet: `../../${pageFileAddress(builtPage().style)}`,
    scripts: [],
    view: "playback",
    body,
  });
}
