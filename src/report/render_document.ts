/**
 * Reports as Markdown and as a self-contained HTML page.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { Eta } from "eta";
import { escapedHtml, escapedMarkdown, jsonInHtml } from "../text/escaped_text.ts";
import { htmlTable, markdownTable } from "../text/table.ts";
import type { ReportDocument } from "./document.ts";
import type { PageExplorer } from "./threshold_explorer.ts";

/** The folder of the figures inside a results folder. */
export const FIGURES_FOLDER = "figures";

/** The report in Markdown; its figures are the SVG files beside it. */
export function renderMarkdown(document: ReportDocument): string {
  const text = MARKDOWN.render("./report.md.eta", {
    ...document,
    figuresFolder: FIGURES_FOLDER,
    markdownTable,
  });
  return text.replace(/\n{3,}/g, "\n\n").trim() + "\n";
}

/**
 * The report as one HTML file that includes its style, figures and scripts.
 *
 * @param figures the SVG of each figure of the document, by name
 * @param explorer for documents with an explorer block
 */
export function renderHtml(
  document: ReportDocument,
  figures: ReadonlyMap<string, string>,
  explorer?: PageExplorer,
): string {
  const style = Deno.readTextFileSync(`${TEMPLATES}/report.css`).trim();
  return HTML.render("./report.html.eta", {
    ...document,
    ...explorer === undefined ? { explorer: undefined } : explorerParts(explorer),
    style,
    figures,
    htmlTable,
    withOwnIds,
  });
}

/** The explorer's parts for the template. */
function explorerParts({ drawings, program, ...data }: PageExplorer) {
  return {
    explorer: { drawings, program },
    explorerData: jsonInHtml(data),
    steps: data.steps,
    explorerLabels: Object.entries({
      left: "Confusion matrix, left",
      right: "Confusion matrix, right",
      rates: "Rates of both matrices as bars, and published ones as marks",
    }),
    starter: Deno.readTextFileSync(`${TEMPLATES}/explorer.js`).trim(),
  };
}

const TEMPLATES = fromFileUrl(new URL("./templates", import.meta.url));

const HTML = new Eta({
  views: TEMPLATES,
  cache: true,
  escapeFunction: (value: unknown) => escapedHtml(String(value)),
});

const MARKDOWN = new Eta({
  views: TEMPLATES,
  cache: true,
  escapeFunction: (value: unknown) => escapedMarkdown(String(value)),
});

/** A drawing with ids that are unique on the page. */
function withOwnIds(name: string, svg: string): string {
  const prefix = name.replace(/[^\w-]/g, "-");
  // Only inside tags, because texts may contain something that looks like an attribute.
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag
      .replace(/\bid="([^"]+)"/g, `id="${prefix}-$1"`)
      .replace(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`));
}
