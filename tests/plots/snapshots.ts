/**
 * Drawings that tests compare with, in `snapshots/`. To accept a changed look, run
 *
 *     UPDATE_SNAPSHOTS=1 deno task test
 *
 * then look at the changed files and commit them.
 */
import assert from "node:assert/strict";
import { renderSvg } from "../../src/plots/render.ts";
import type { PlotSpec } from "../../src/plots/theme.ts";

/** Asserts that a plot is drawn as in `snapshots/<name>.svg`. */
export async function assertDrawnAs(name: string, spec: PlotSpec): Promise<void> {
  const file = new URL(`./snapshots/${name}.svg`, import.meta.url);
  const svg = `<!-- deno-fmt-ignore-file -->\n${await renderSvg(spec)}\n`;
  if (Deno.env.get("UPDATE_SNAPSHOTS") !== undefined) await Deno.writeTextFile(file, svg);
  const drawnBefore = await Deno.readTextFile(file);
  assert.ok(svg === drawnBefore, `${name}.svg is drawn otherwise; see tests/plots/snapshots.ts`);
}

/** The texts of a drawing, in order. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map((match) => match[1]!);
}
