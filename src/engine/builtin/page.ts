import { builtPage, pageFileAddress } from "../../built-page.js";
import { escapeHtml, jsonInHtml, renderDocument } from "../../messages/html.js";
import type { MessageKey } from "../../messages/index.js";

export interface RoomPage {
  language: string;
  direction: "rtl" | "ltr";
  text: (key: MessageKey) => string;
  title: string | null;
  welcome: string | null;
  /** Where links lead, by PUBLIC_URL: from another origin nobody gets in. */
  joinAddress: string;
  /** Already known to be http or https. */
  logoutUrl: string | null;
  /** There is no place now. */
  isFull: boolean;
}

/**
 * The page behind a join link: its door, which the script in `page/` makes into the room once the server let the person
 * in. Shows nothing of the link, so it is the same for everyone in the session.
 */
export function renderRoomPage({ language, direction, text, ...room }: RoomPage): string {
  const { title, welcome, logoutUrl, joinAddress, isFull } = room;
  const name = title || text("page.untitled");
  const { script, style, texts } = builtPage();
  const sentences = texts[language] ?? "";
  const pageData = { title, welcome, logoutUrl, joinAddress, isFull, texts: `./${sentences}` };

  // As the script shows it first, so that nothing moves when it does.
  const body = `<div id="app"><main>
<header>
<h1 id="title" tabindex="-1"><bdi>${escapeHtml(name)}</bdi></h1>
</header>
<p id="status" role="status" aria-live="polite" data-tone=""></p>
<section id="door" class="card">
${welcome ? `<p class="welcome" dir="auto">${escapeHtml(welcome)}</p>` : ""}
${isFull ? `<p class="note">${escapeHtml(text("page.refused.ATTENDANCE_LIMIT_REACHED.explanation"))}</p>` : ""}
<div class="way-in"><button id="enter" class="primary" type="button" autocomplete="off" disabled>${escapeHtml(text("page.enter"))}</button></div>
<noscript><p class="note">${escapeHtml(text("page.noScript"))}</p></noscript>
</section>
</main></div>
<script type="application/json" id="page-data">${jsonInHtml(pageData)}</script>`;

  return renderDocument({
    language,
    direction,
    title: name,
    stylesheet: pageFileAddress(style),
    preloads: [pageFileAddress(sentences)],
    scripts: [pageFileAddress(script)],
    view: "door",
    body,
  });
}
