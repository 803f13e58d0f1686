import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { late } from "../late.js";
import { escapeHtml, renderDocument } from "../messages/html.js";
import { sendPage, stylesheet } from "./pages.js";

/** The same seen from src/ and from dist/. */
const folder = fileURLToPath(new URL("../../docs/", import.meta.url));

export interface DocsPage {
  /** Below docs/, as the file is called: so links between the files are links between the pages. */
  path: string;
  title: string;
}

const decisions = "decisions/";

const read = (path: string): string => readFileSync(folder + path, "utf8");

const titleOf = (text: string): string => (/^# (.*)$/m.exec(text)?.[1] ?? "").replaceAll("`", "");

function listDocs(): DocsPage[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".md"));
  const [below, above] = [true, false].map((isBelow) => files.filter((path) => path.includes("/") === isBelow));
  return [...(above ?? []).toSorted(), ...(below ?? []).toSorted()].map((path) => ({
    path,
    title: titleOf(read(path)),
  }));
}

let listed: readonly DocsPage[] | undefined;

/**
 * Every file of docs/, decisions last; none where the folder was not shipped. Each file says its own title, so they are
 * read when somebody first asks, and not at a start.
 */
export const docsPages = (): readonly DocsPage[] => (listed ??= listDocs());

export const isDecision = ({ path }: DocsPage): boolean => path.startsWith(decisions);

const elsewhere = /^(?:https?:|mailto:|#)/i;

// Most servers are never asked for one.
const loadMarkdown = late(() => import("./markdown.js"));

async function pageOf({ path, title }: DocsPage, known: ReadonlySet<string>): Promise<string> {
  const { renderMarkdown } = await loadMarkdown();
  const leadsTo = (href: string) => {
    if (elsewhere.test(href)) return href;
    const target = normalize(join("docs", dirname(path), href.replace(/[?#].*$/s, "")));
    return known.has(target) ? href : undefined;
  };
  const up = "../".repeat(path.split("/").length);
  return renderDocument({
    language: "en",
    direction: "ltr",
    title: `${title} · VConnct Gateway`,
    stylesheet: up + stylesheet,
    scripts: [],
    body: `<p><a href="${up}docs/">Documentation</a></p>
<main>
${renderMarkdown(read(path), leadsTo)}</main>`,
  });
}

const listOf = (pages: readonly DocsPage[]): string =>
  `<ul>
${pages.map(({ path, title }) => `<li><a href="${path}">${escapeHtml(title)}</a></li>`).join("\n")}
</ul>`;

function contentsOf(pages: readonly DocsPage[]): string {
  return renderDocument({
    language: "en",
    direction: "ltr",
    title: "Documentation · VConnct Gateway",
    stylesheet: `../${stylesheet}`,
    scripts: [],
    body: `<p><a href="../">Where everything is</a></p>
<h1>Documentation</h1>
${listOf(pages.filter((page) => !isDecision(page)))}
<h2>Why it is as it is</h2>
${listOf(pages.filter(isDecision))}`,
  });
}

/**
 * `/docs/` and a page for each file, made when it is first asked for.
 * @param others what else of the repository the server has, by its path there
 */
export function docsRoutes(app: FastifyInstance, others: readonly string[]): void {
  if (!existsSync(folder)) return;
  const made = new Map<string, string>();
  async function make(path: string): Promise<string | undefined> {
    const pages = docsPages();
    if (path === "") return contentsOf(pages);
    const page = pages.find((each) => each.path === path);
    return page && pageOf(page, new Set([...pages.map((each) => `docs/${each.path}`), ...others]));
  }
  app.get<{ Params: { "*": string } }>("/docs/*", async (request, reply) => {
    const path = request.params["*"];
    const html = made.get(path) ?? (await make(path));
    if (html === undefined) return reply.callNotFound();
    made.set(path, html);
    request.language = "en";
    return sendPage(reply, html);
  });
  // Relative, as everything below a path that a proxy may strip.
  app.get("/docs", async (_request, reply) => reply.redirect("docs/"));
}
