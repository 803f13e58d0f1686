import { builtPage, pageFileAddress } from "../../../built-page.js";
import { escapeHtml, jsonInHtml, renderDocument } from "../../../messages/html.js";
import type { MessageKey } from "../../../messages/index.js";

interface Visit {
  language: string;
  direction: "rtl" | "ltr";
  text: (key: MessageKey) => string;
}

export interface Playback extends Visit {
  title: string | null;
  startedAt: Date | undefined;
  /** Begins the addresses of what belongs to it, relative to the page. */
  base: string;
  /** Where the file is, for a while. */
  media: string;
  /** What the page may be read in, by tag, with its name in itself. */
  languages: readonly { tag: string; name: string; direction: string }[];
}

/** From a playback page's address, which lies two steps deeper than a join link. */
const fileAddress = (name: string): string => `../../${pageFileAddress(name)}`;

/** Whole and readable without a script, which adds speeds and what was written. */
export function renderPlaybackPage(playback: Playback): string {
  const { language, direction, text, title, startedAt, base, media, languages } = playback;
  const say = (key: MessageKey) => escapeHtml(text(key));
  const { playback: built, style, texts } = builtPage();
  const name = title ?? text("page.untitled");
  const sentences = texts[language] ?? "";
  const when = startedAt && new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(startedAt);
  const others = languages
    .filter(({ tag }) => tag !== language)
    .map(
      (each) =>
        `<a href="?lang=${each.tag}" lang="${each.tag}" hreflang="${each.tag}" dir="${each.direction}">${escapeHtml(each.name)}</a>`,
    );
  const body = `<main>
<header class="playback-head">
<h1 id="title"><bdi>${escapeHtml(name)}</bdi></h1>
${startedAt ? `<p class="when"><time datetime="${startedAt.toISOString()}">${escapeHtml(when ?? "")}</time></p>\n` : ""}<nav>${others.join(" ")}</nav>
</header>
<div class="playback">
<div>
<video id="video" controls playsinline preload="metadata" src="${escapeHtml(media)}" aria-labelledby="title"></video>
<div id="tools"></div>
<noscript><p class="note">${say("page.playback.noScript")}</p></noscript>
</div>
<section id="chat" class="card played-chat" aria-labelledby="chat-heading"></section>
</div>
</main>
<script type="application/json" id="page-data">${jsonInHtml({ base, texts: `./${sentences}` })}</script>`;
  return renderDocument({
    language,
    direction,
    title: name,
    stylesheet: fileAddress(style),
    preloads: [...built.parts, sentences].map(fileAddress),
    scripts: [fileAddress(built.script)],
    view: "playback",
    body,
  });
}

/** Deleted, hidden, or never there: who only has an address is told no more. */
export function renderNoRecording({ language, direction, text }: Visit): string {
  const say = (key: MessageKey) => escapeHtml(text(key));
  return renderDocument({
    language,
    direction,
    title: text("page.playback.none.heading"),
    stylesheet: fileAddress(builtPage().style),
    scripts: [],
    view: "refused",
    body: `<main>
<section class="card notice">
<h1>${say("page.playback.none.heading")}</h1>
<p>${say("page.playback.none.explanation")}</p>
</section>
</main>`,
  });
}
