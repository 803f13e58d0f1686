import { builtPage, pageFileAddress } from "../../built-page.js";
import { entersAsHtml, welcomeHtml } from "../../messages/door-html.js";
import { escapeHtml, jsonInHtml, renderDocument } from "../../messages/html.js";
import type { MessageKey } from "../../messages/index.js";

/** The script puts the microphone and the camera there: nothing moves when it does. */
const toolsToCome = '<div class="preview"><div class="preview-tools"></div></div>\n';

export interface RoomPage {
  language: string;
  direction: "rtl" | "ltr";
  text: (key: MessageKey) => string;
  /** Whose link it is. */
  name: string;
  title: string | null;
  welcome: string | null;
  /** Where links lead, by PUBLIC_URL: from another origin nobody gets in. */
  joinAddress: string;
  /** Already known to be http or https. */
  logoutUrl: string | null;
  /** Whether it is being recorded now, and whether it may be: told before one enters. */
  recording: "now" | "perhaps" | "no";
  /** There is no place now. */
  isFull: boolean;
}

/**
 * The page behind a join link: its door, which the script in `page/` makes into the room once the server let the person
 * in. Of the link it shows no more than the name.
 */
export function renderRoomPage({ language, direction, text, name, ...room }: RoomPage): string {
  const { title, welcome, recording, isFull } = room;
  const say = (key: MessageKey) => escapeHtml(text(key));
  const shownTitle = title || text("page.untitled");
  const { script, parts, style, texts } = builtPage();
  const sentences = texts[language] ?? "";
  const recordingNote =
    recording === "no" || isFull
      ? ""
      : `<p class="note recording-note">${say(`page.recording.door.${recording}`)}</p>\n`;
  const explanation = `<p>${say("page.refused.ATTENDANCE_LIMIT_REACHED.explanation")}</p>\n`;

  // As the script shows it first, so that nothing moves when it does.
  const body = `<div id="app"><main>
<header>
<h1 id="title" tabindex="-1"><bdi>${isFull ? say("page.refused.ATTENDANCE_LIMIT_REACHED.heading") : escapeHtml(shownTitle)}</bdi></h1>
</header>
<p id="status" role="status" aria-live="polite" data-tone=""></p>
<section id="door" class="card">
${isFull ? explanation : ""}${entersAsHtml(text("page.enterAs"), name)}${isFull ? "" : welcomeHtml(welcome)}${recordingNote}${isFull ? "" : toolsToCome}<div class="way-in">
<button class="primary" type="button" autocomplete="off" disabled>${say(isFull ? "page.wait" : "page.enter")}</button>
</div>
<noscript><p class="note">${say("page.noScript")}</p></noscript>
<p class="note late">${say("page.scriptLate")} <a href="">${say("page.reload")}</a></p>
</section>
</main></div>
<script type="application/json" id="page-data">${jsonInHtml({ ...room, texts: `./${sentences}` })}</script>`;

  return renderDocument({
    language,
    direction,
    title: shownTitle,
    stylesheet: pageFileAddress(style),
    preloads: [...parts, sentences].map(pageFileAddress),
    scripts: [pageFileAddress(script)],
    view: "door",
    body,
  });
}
