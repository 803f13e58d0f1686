import { Marked, type Tokens } from "marked";
import { escapeHtml } from "../messages/html.js";

/** As a repository's host makes them, so that a link to a heading leads there on both. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** @param leadsTo where a link really leads from this page; undefined where the server has nothing of it */
export function renderMarkdown(text: string, leadsTo: (href: string) => string | undefined): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: heading }: Tokens.Heading) {
        return `<h${depth} id="${escapeHtml(anchorOf(heading))}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens);
        const address = leadsTo(href);
        return address === undefined ? inner : `<a href="${escapeHtml(address)}">${inner}</a>`;
      },
      // No HTML of the text's own gets through.
      html: ({ text: raw }: Tokens.HTML | Tokens.Tag) => escapeHtml(raw),
      image: ({ text: alternative }: Tokens.Image) => escapeHtml(alternative),
    },
  });
  return marked.parse(text, { async: false });
}
