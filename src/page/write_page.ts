/**
 * A trained network as one HTML file that needs no other file and no connection.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { Eta } from "eta";
import { WEB_PAGE_KERNELS } from "../backend/wasm/files.ts";
import { knownLabels } from "../data/labels.ts";
import { argmax, thresholdOf } from "../evaluation/decisions.ts";
import { readableName } from "../data/categories.ts";
import { writeWholeFile } from "../files/whole_file.ts";
import { readSavedNetwork } from "../model/saved_model.ts";
import { inHalfPrecision, type SavedMetadata, WEIGHTS_FILE } from "../model/saved_network.ts";
import { modelFolder } from "../runs/model_folder.ts";
import { readRun, type Run } from "../runs/read_runs.ts";
import { escapedHtml, jsonInHtml } from "../text/escaped_text.ts";
import { measuredRun } from "./measured_rates.ts";
import { NONE_OF_THESE, type PageData, PARTS } from "./page_data.ts";
import { bundledProgram } from "./program.ts";

/** The page's name inside a run's folder. */
export const PAGE_FILE = "page.html";

/** The network to make a page of, and the page's options. */
export interface PageRequest {
  /** The folder of a finished run, with its network, or the folder of the network in it. */
  readonly model: string;
  /** The page's file; by default {@linkcode PAGE_FILE} in the run's folder. */
  readonly out?: string | undefined;
  /** The slider's initial value; by default the threshold of the experiment's decision. */
  readonly threshold?: number | undefined;
}

/**
 * Writes the page of a trained network. It appears whole or not at all.
 *
 * @returns the page's path
 * @throws {Error} if the network, its run's predictions or the page's program are missing, or
 *   the experiment's decision is neither argmax nor a threshold and none is given; names the file
 *   and the way out
 */
export async function writePage({ model, out, threshold }: PageRequest): Promise<string> {
  const folder = modelFolder(model);
  const runFolder = dirname(folder);
  const saved = await readSavedNetwork(folder);
  const run = await readRun(runFolder);
  requireSameNetwork(saved.metadata, run, folder);
  const half = inHalfPrecision(saved);
  const weightsManifest = [{ paths: [WEIGHTS_FILE], weights: half.specifications }];
  const data: PageData = {
    title: run.experiment.title,
    dataset: run.config.dataset.name,
    model: { ...saved.modelJson, weightsManifest },
    threshold: threshold ?? startOf(saved.metadata, folder),
    measured: measuredRun(run.predictions),
  };
  const kernels = await Deno.readFile(WEB_PAGE_KERNELS);
  const parts = [
    { id: PARTS.data, type: "application/json", content: jsonInHtml(data) },
    { id: PARTS.kernels, type: "text/plain", content: kernels.toBase64() },
    { id: PARTS.weights, type: "text/plain", content: half.weights.toBase64() },
  ];
  const path = out ?? join(runFolder, PAGE_FILE);
  await writeWholeFile(path, await rendered(saved.metadata, run, parts));
  return path;
}

const TEMPLATES = fromFileUrl(new URL("./templates", import.meta.url));
const HTML = new Eta({
  views: TEMPLATES,
  cache: true,
  escapeFunction: (value: unknown) => escapedHtml(String(value)),
});

async function rendered(
  { labels, categoryNames }: SavedMetadata,
  { experiment, seed, config: { dataset, profile } }: Run,
  parts: readonly { readonly id: string; readonly type: string; readonly content: string }[],
): Promise<string> {
  const style = `\n${await Deno.readTextFile(join(TEMPLATES, "page.css"))}`;
  const program = `\n${await bundledProgram()}`;
  const known = knownLabels(labels).map((label) => readableName(categoryNames, label));
  return HTML.render("./page.html.eta", {
    heading: `${known.join(", ")} or ${NONE_OF_THESE}?`,
    description: `${experiment.network.name}, trained by ${experiment.title} on ${dataset.name} ` +
      `(profile ${profile.name}, ${profile.size} px, seed ${seed}).`,
    policy: await policyOf(style, program),
    style,
    program,
    parts,
  });
}

/** A policy that allows only the page's own program and style, and no requests. */
async function policyOf(style: string, program: string): Promise<string> {
  return [
    "default-src 'none'",
    `script-src '${await digestOf(program)}' 'wasm-unsafe-eval'`,
    `style-src '${await digestOf(style)}'`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(digest).toBase64()}`;
}

function startOf({ decision }: SavedMetadata, folder: string): number {
  if (decision === argmax.name) return 0;
  const threshold = thresholdOf(decision);
  if (threshold !== undefined) return threshold;
  throw new Error(
    `${folder}: its decision is "${decision}", but a page needs a threshold; choose the start of ` +
      "its slider with --threshold",
  );
}

function requireSameNetwork(metadata: SavedMetadata, run: Run, folder: string): void {
  const found = [metadata.experiment, ...metadata.labels].join(", ");
  const expected = [run.experiment.name, ...run.predictions.labels].join(", ");
  if (found === expected) return;
  throw new Error(
    `${folder}: its network is of ${found}, but the predictions beside it are of ${expected}; give ` +
      "the folder of a run as it was trained",
  );
}
