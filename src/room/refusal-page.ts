import { builtPage, pageFileAddress } from "../built-page.js";
import { escapeHtml, renderDocument } from "../messages/html.js";

export interface RefusalPage {
  language: string;
  direction: "rtl" | "ltr";
  heading: string;
  explanation: string;
}

/** Why a link doesn't open: changed (403), its session over (410), the room full (409). Readable without a script. */
export function renderRefusalPage({ language, direction, heading, explanation }: RefusalPage): string {
  return renderDocument({
    language,
    direction,
    title: heading,
    stylesheet: pageFileAddress(builtPage().style),
    scripts: [],
    view: "refused",
    body: `<main>
<section class="card notice">
<h1>${escapeHtml(heading)}</h1>
<p>${escapeHtml(explanation)}</p>
</section>
</main>`,
  });
}
