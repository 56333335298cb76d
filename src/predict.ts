import { readdir } from "node:fs/promises";
import { sep } from "node:path";
import { join } from "@std/path";
import type { Batch } from "./data/batch.ts";
import { readableName } from "./data/categories.ts";
import type { UnusableFile } from "./data/dataset.ts";
import { UnusableImage } from "./data/decode.ts";
import { isPictureName } from "./data/image_folder.ts";
import { loadImages } from "./data/load_images.ts";
import { decidedLabels, type Decision, decisionNamed, threshold } from "./evaluation/decisions.ts";
import { isFolder } from "./files/path_kind.ts";
import { activated } from "./losses/activation.ts";
import type { NetworkKind } from "./model/network.ts";
import { NETWORK_KINDS } from "./model/registry.ts";
import { loadNetwork, MODEL_FILE } from "./model/saved_model.ts";
import type { SavedMetadata } from "./model/saved_network.ts";
import { modelFolder } from "./runs/model_folder.ts";
import { left, right, row, textTable } from "./text/table.ts";
import { outputRows } from "./training/inference.ts";

/** The pictures to classify, and the network. */
export interface PredictionRequest {
  /** A run's folder, or the folder of the network in it. */
  readonly model: string;
  /** Picture files, and folders, which stand for all pictures in them and their subfolders. */
  readonly images: readonly string[];
  /**
   * Pictures whose highest score is below it are `na`; by default, the experiment's own decision
   * applies.
   */
  readonly threshold?: number | undefined;
  /** The user's own decisions; the experiment's may be one of them. */
  readonly decisions?: readonly Decision[] | undefined;
  /** The user's own kinds of networks; a network of an unknown kind runs as stock layers. */
  readonly networkKinds?: readonly NetworkKind[] | undefined;
}

/** The result of {@linkcode predictImages}. */
export type ImagePredictions = Awaited<ReturnType<typeof predictImages>>;

/** The most pictures in a batch. */
const BATCH_SIZE = 48;

/** The most pixels in a batch; a batch has at least one picture. */
const BATCH_PIXELS = BATCH_SIZE * 256 ** 2;

/** Digits of the returned scores; decisions use the exact ones. */
const SIGNIFICANT_DIGITS = 6;

/**
 * Classifies pictures. An unusable one does not stop the others from being classified.
 *
 * @throws {Error} if the network or its decision is not available, or a folder has no pictures; names
 * file or folder
 */
export async function predictImages(request: PredictionRequest) {
  const paths = (await Promise.all(request.images.map(picturesAt))).flat();
  const folder = modelFolder(request.model);
  const ownKinds = (request.networkKinds ?? []).map((kind) => [kind.kind, kind] as const);
  const kinds = new Map([...NETWORK_KINDS, ...ownKinds]);
  const { network, runsAsStock, metadata } = await loadNetwork(folder, kinds);
  try {
    const { labels, categoryNames, activation } = metadata;
    const nameOf = (label: string) => readableName(categoryNames, label);
    const decision = decisionFor(request, folder, metadata.decision);
    const found = { usable: [] as string[], unusable: [] as UnusableFile[] };
    const { logits } = await outputRows(network, {
      count: paths.length,
      batches: () => batchesOf(paths, metadata, found),
    });
    const scores = logits.map((row) => activated(row, activation));
    const predictions = decidedLabels(labels, scores, decision).map((label, index) => ({
      path: found.usable[index]!,
      /** A category or `na`. */
      label,
      /** The readable name of the label. */
      name: nameOf(label),
      /** Scores in [0, 1] by label, to six significant digits. */
      scores: Object.fromEntries(labels.map((each, output) => [
        each,
        Number(scores[index]![output]!.toPrecision(SIGNIFICANT_DIGITS)),
      ])),
    }));
    return {
      /** The labels of the network's outputs, in order. */
      labels,
      /** The readable names of the labels, in the same order. */
      names: labels.map(nameOf),
      /** In the order of the given pictures; those of a folder are sorted. */
      predictions,
      /** The pictures that could not be classified. */
      unusable: found.unusable,
      /** The network's kind, if it is unknown, so that stock layers ran. */
      unknownKind: runsAsStock ? metadata.network.kind : undefined,
    };
  } finally {
    network.dispose();
  }
}

/** The predictions as a table with a line per picture. */
export function formatPredictions(
  { labels, names, predictions }: Pick<ImagePredictions, "labels" | "names" | "predictions">,
): string {
  return textTable({
    caption: "",
    columns: [left("picture"), left("label"), ...names.map(right)],
    rows: predictions.map(({ path, name, scores }) =>
      row(path, name, ...labels.map((label) => scores[label]!.toFixed(3)))
    ),
  });
}

/** Pictures in batches; also collects the usable ones, and the reasons why others are unusable. */
async function* batchesOf(
  paths: readonly string[],
  { size, crop }: Pick<SavedMetadata, "size" | "crop">,
  { usable, unusable }: { readonly usable: string[]; readonly unusable: UnusableFile[] },
): AsyncGenerator<Batch> {
  const batchSize = Math.max(1, Math.min(BATCH_SIZE, Math.floor(BATCH_PIXELS / size ** 2)));
  let pictures: Batch[] = [];
  for (const path of paths) {
    try {
      // One at a time: a few large pictures at once would fill the memory.
      pictures.push(await loadImages([path], size, crop));
      usable.push(path);
    } catch (error) {
      if (!(error instanceof UnusableImage)) throw error;
      unusable.push({ path, reason: error.reason });
    }
    if (pictures.length < batchSize) continue;
    yield joined(pictures, size);
    pictures = [];
  }
  if (pictures.length > 0) yield joined(pictures, size);
}

function joined(pictures: readonly Batch[], size: number): Batch {
  const images = new Float32Array(pictures.length * size * size * 3);
  pictures.forEach((picture, index) => images.set(picture.images, index * size * size * 3));
  const labels = Int32Array.from(pictures, ({ labels: [label] }) => label!);
  return { images, labels, count: pictures.length, size };
}

function decisionFor(
  { threshold: asked, decisions = [] }: PredictionRequest,
  folder: string,
  name: string,
): Decision {
  if (asked !== undefined) return threshold(asked);
  const decision = decisions.find((own) => own.name === name) ?? decisionNamed(name);
  if (decision !== undefined) return decision;
  throw new Error(
    `${join(folder, MODEL_FILE)}: it decides by "${name}", which is not known here; give a ` +
      "--threshold, or the module that exports this decision by --with",
  );
}

async function picturesAt(path: string): Promise<string[]> {
  if (!isFolder(path)) return [path];
  // Sorted with a separator that comes before all letters, so that a folder's pictures stay
  // together.
  const names = (await readdir(path, { recursive: true }))
    .map((name) => name.replaceAll(sep, "\0"))
    .filter((name) => isPictureName(name) && !/(^|\0)\./.test(name));
  const pictures = names.sort().map((name) => join(path, name.replaceAll("\0", sep)))
    .filter((picture) => !isFolder(picture));
  if (pictures.length === 0) throw new Error(`${path}: no pictures there; give another folder`);
  return pictures;
}
