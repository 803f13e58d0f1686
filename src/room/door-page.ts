import { builtPage, pageFileAddress } from "../built-page.js";
import { entersAsHtml, welcomeHtml } from "../messages/door-html.js";
import { escapeHtml, renderDocument } from "../messages/html.js";
import type { MessageKey } from "../messages/index.js";

export interface DoorPage {
  language: string;
  direction: "rtl" | "ltr";
  text: (key: MessageKey) => string;
  /** Whose link it is. */
  person: string;
  title: string | null;
  welcome: string | null;
}

/** Before the room of an engine with pages of its own: the title and a button that goes on to it, without a script. */
export function renderDoorPage({ language, direction, text, person, title, welcome }: DoorPage): string {
  const name = title || text("page.untitled");
  return renderDocument({
    language,
    direction,
    title: name,
    stylesheet: pageFileAddress(builtPage().style),
    scripts: [],
    view: "door",
    // Without an action a form goes to the page's own address: the link's query stays where it is.
    body: `<main>
<header>
<h1 id="title"><bdi>${escapeHtml(name)}</bdi></h1>
</header>
<form id="door" class="card" method="post">
${entersAsHtml(text("page.enterAs"), person)}${welcomeHtml(welcome)}<div class="way-in">
<button id="enter" class="primary">${escapeHtml(text("page.enter"))}</button>
</div>
</form>
</main>`,
  });
}
