/** The HTML every page of ours shares: escaping, and the skeleton around a page's own content. */

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Safe as an element's text and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** As a script element's data: nothing in it can close the element. */
export const jsonInHtml = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

export interface HtmlDocument {
  language: string;
  direction: "rtl" | "ltr";
  /** Plain text; escaped here. */
  title: string;
  /** Relative, as every address in a page: PUBLIC_URL may carry a path. */
  stylesheet: string;
  /** What is inside `<body>`: HTML, escaped by whoever made it. */
  body: string;
  /** Module scripts, relative addresses; none in a page that needs none. */
  scripts: string[];
  /** Modules that a script asks for once it runs: fetched beside it. */
  preloads?: string[];
  /** What the page shows at first, as the body's `data-view`: for styles, scripts and tests. */
  view?: string;
  /** What other servers learn of the address; nothing when left out. */
  referrer?: string;
}

// An empty icon of our own keeps browsers from asking the host for /favicon.ico.
export function renderDocument(document: HtmlDocument): string {
  const { language, direction, title, stylesheet, body, scripts, view, preloads = [] } = document;
  const { referrer = "no-referrer" } = document;
  const scriptTags = scripts
    .map((address) => `\n<script type="module" src="${escapeHtml(address)}"></script>`)
    .join("");
  const preloadTags = preloads.map((address) => `\n<link rel="modulepreload" href="${escapeHtml(address)}">`).join("");
  return `<!doctype html>
<html lang="${escapeHtml(language)}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="${escapeHtml(referrer)}">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escapeHtml(stylesheet)}">${preloadTags}${scriptTags}
</head>
<body${view === undefined ? "" : ` data-view="${escapeHtml(view)}"`}>
${body}
</body>
</html>
`;
}
