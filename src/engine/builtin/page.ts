import { escapeHtml, jsonInHtml, renderDocument } from "../../messages/html.js";
import type { MessageKey } from "../../messages/index.js";

/** What the script says later; it gets exactly these, by these names. */
const scriptTextKeys = [
  "page.enterAgain",
  "page.entering",
  "page.entered",
  "page.tryingAgain",
  "page.reconnecting",
  "page.reconnected",
  "page.left",
  "page.ending",
  "page.endFailed",
  "page.goingOn",
  "page.failed",
  "page.you",
  "page.moderator",
  "page.viewer",
] as const satisfies readonly MessageKey[];

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
}

/**
 * The page behind a join link: a door with a button, and the room behind it, hidden until the server let the person in.
 * Shows nothing of the link, so it is the same for everyone in the session.
 */
export function renderRoomPage({
  language,
  direction,
  text,
  title,
  welcome,
  logoutUrl,
  joinAddress,
}: RoomPage): string {
  const say = (key: MessageKey) => escapeHtml(text(key));
  const name = title || text("page.untitled");
  const welcomeText = welcome ? `<p class="welcome" dir="auto">${escapeHtml(welcome)}</p>` : "";
  const pageData = {
    logoutUrl,
    joinAddress,
    texts: Object.fromEntries(scriptTextKeys.map((key) => [key, text(key)])),
  };

  // The status line stands outside the views: a live region is only heard when it was there before its text.
  const body = `<main>
<header>
<h1 id="title" tabindex="-1"><bdi>${escapeHtml(name)}</bdi></h1>
</header>
<p id="status" role="status" aria-live="polite"></p>
<section id="door" class="card">
${welcomeText}
<button id="enter" class="primary" type="button" autocomplete="off" disabled>${say("page.enter")}</button>
<noscript><p class="note">${say("page.noScript")}</p></noscript>
</section>
<section id="room" aria-labelledby="who" hidden>
<h2 id="who" tabindex="-1">${say("page.whoIsHere")} <span id="count" class="count"></span></h2>
<ul id="people" role="list"></ul>
${welcomeText && `<details class="card"><summary>${say("page.welcome")}</summary>${welcomeText}</details>`}
<div class="actions">
<button id="leave" type="button">${say("page.leave")}</button>
<button id="end" class="danger" type="button" autocomplete="off" aria-haspopup="dialog" hidden>${say("page.end")}</button>
</div>
</section>
<section id="over" class="card notice" hidden>
<h2 tabindex="-1">${say("page.over.heading")}</h2>
<p>${say("page.over.explanation")}</p>
<a id="go-on" class="button primary" rel="noreferrer" hidden>${say("page.goOn")}</a>
</section>
<section id="other-origin" class="card notice" hidden>
<h2 tabindex="-1">${say("page.otherOrigin.heading")}</h2>
<p>${say("page.otherOrigin.explanation")}</p>
<p><bdi id="right-origin" dir="ltr"></bdi></p>
<a id="right-address" class="button primary" rel="noreferrer">${say("page.otherOrigin.goThere")}</a>
</section>
<section id="elsewhere" class="card notice" hidden>
<h2 tabindex="-1">${say("page.elsewhere.heading")}</h2>
<p>${say("page.elsewhere.explanation")}</p>
<button id="take-back" class="primary" type="button">${say("page.takeBack")}</button>
</section>
</main>
<dialog id="end-dialog" closedby="any" aria-labelledby="end-question" aria-describedby="end-explanation">
<h2 id="end-question">${say("page.endQuestion")}</h2>
<p id="end-explanation">${say("page.endExplanation")}</p>
<div class="actions">
<button id="end-cancel" type="button">${say("page.endCancel")}</button>
<button id="end-confirm" class="danger" type="button">${say("page.endConfirm")}</button>
</div>
</dialog>
<script type="application/json" id="page-data">${jsonInHtml(pageData)}</script>`;

  return renderDocument({
    language,
    direction,
    title: name,
    stylesheet: "room/assets/room.css",
    scripts: ["room/assets/room.js"],
    view: "door",
    body,
  });
}
