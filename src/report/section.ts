/**
 * Sections of a report, free of any file format: texts are plain, each format escapes them.
 *
 * @module
 */
import type { PlotSpec } from "../plots/theme.ts";
import type { ThresholdExplorerData } from "../plots/threshold_explorer_plot.ts";
import type { Run } from "../runs/read_runs.ts";
import type { Table } from "../text/table.ts";
import type { ReportContext } from "./context.ts";
import type { Results } from "./results.ts";

/** Returns the blocks of a section; none if the section has no content for these results. */
export type Section = (
  results: Results,
  runs: readonly Run[],
  context: ReportContext,
) => readonly Block[];

/** A part of a section. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly entries: readonly string[] }
  /** Shell commands, one per line. */
  | { readonly kind: "commands"; readonly lines: readonly string[] }
  | { readonly kind: "table"; readonly table: Table }
  /** Figures one below the other, or side by side if they are paired. */
  | { readonly kind: "figures"; readonly figures: readonly FigurePlan[]; readonly paired: boolean }
  /** The threshold explorer, in formats that support it. */
  | { readonly kind: "explorer"; readonly explorer: ThresholdExplorerData };

/** A figure before it is drawn. */
export interface FigurePlan {
  /** The name of its files, without extension. */
  readonly name: string;
  /** A description of its content, for captions and for people who cannot see it. */
  readonly caption: string;
  readonly spec: PlotSpec;
  /** Whether it starts a new row, where figures are side by side. */
  readonly startsRow?: boolean;
}

/** A paragraph of plain text. */
export function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

/** A list of plain texts, if there are any. */
export function list(entries: readonly string[]): Block[] {
  return entries.length === 0 ? [] : [{ kind: "list", entries }];
}

/** Tables one below the other; tables without rows are left out. */
export function tables(...shown: readonly Table[]): Block[] {
  return shown.filter(({ rows }) => rows.length > 0).map((table) => ({ kind: "table", table }));
}

/** Figures one below the other. */
export function figures(...shown: readonly FigurePlan[]): Block {
  return { kind: "figures", figures: shown, paired: false };
}
