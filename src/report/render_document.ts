/**
 * Reports as Markdown and as a page of HTML that needs no other file.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { Eta } from "eta";
import type { ReportDocument } from "./document.ts";
import { type DrawnFigure, FIGURES_FOLDER } from "./figures.ts";

/** The report in Markdown; its figures are the SVG files beside it. */
export function renderMarkdown(document: ReportDocument): string {
  const text = MARKDOWN.render("./report.md.eta", { ...document, figuresFolder: FIGURES_FOLDER });
  return text.replace(/\n{3,}/g, "\n\n").trim() + "\n";
}

/** The report as one HTML file with its style and figures inside. */
export function renderHtml(document: ReportDocument): string {
  const sections = document.sections.map((section) => ({
    ...section,
    figures: section.figures?.map((figure) => ({ ...figure, svg: withOwnIds(figure) })),
  }));
  const style = Deno.readTextFileSync(`${TEMPLATES}/report.css`).trim();
  return HTML.render("./report.html.eta", { ...document, sections, style });
}

const TEMPLATES = fromFileUrl(new URL("./templates", import.meta.url));

const HTML = new Eta({ views: TEMPLATES, cache: true });

const MARKDOWN = new Eta({
  views: TEMPLATES,
  cache: true,
  escapeFunction: (value: unknown) => escapedMarkdown(String(value)),
});

/** Plain text that no Markdown reader takes for markup, on one line. */
function escapedMarkdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replace(/\s+/g, " ");
}

/** The drawing with ids that no other drawing of the page has. */
function withOwnIds({ name, svg }: DrawnFigure): string {
  const prefix = name.replace(/[^\w-]/g, "-");
  // Only inside of tags, for texts may hold what looks like an attribute.
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag
      .replace(/\bid="([^"]+)"/g, `id="${prefix}-$1"`)
      .replace(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`));
}
