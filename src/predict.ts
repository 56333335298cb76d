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

/** Which pictures to classify with which network. */
export interface PredictionRequest {
  /** A run's folder, or the folder of the network in it. */
  readonly model: string;
  /** Picture files, and folders that stand for all pictures in them and in their folders. */
  readonly images: readonly string[];
  /**
   * Pictures whose highest score is below it are `na`; without it, the experiment's own decision
   * is taken.
   */
  readonly threshold?: number | undefined;
  /** Decisions of the user's own, one of which may be the experiment's. */
  readonly decisions?: readonly Decision[] | undefined;
  /** Kinds of networks of the user's own; a network of none that is known runs as stock layers. */
  readonly networkKinds?: readonly NetworkKind[] | undefined;
}

/** What {@linkcode predictImages} finds. */
export type ImagePredictions = Awaited<ReturnType<typeof predictImages>>;

/** Pictures that go through the network at once, ... */
const BATCH_SIZE = 48;

/** ... or as many of them as have so many pixels together. */
const BATCH_PIXELS = BATCH_SIZE * 256 ** 2;

/** Of the scores that are given out; what is decided is decided before. */
const SIGNIFICANT_DIGITS = 6;

/**
 * Classifies pictures. One that cannot be used does not keep the others from being classified.
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
      /** What the label is called. */
      name: nameOf(label),
      /** In [0, 1] by label, to six significant digits. */
      scores: Object.fromEntries(labels.map((each, output) => [
        each,
        Number(scores[index]![output]!.toPrecision(SIGNIFICANT_DIGITS)),
      ])),
    }));
    return {
      /** The labels of the network's outputs, in order. */
      labels,
      /** What the labels are called, in the same order. */
      names: labels.map(nameOf),
      /** In the order the pictures were given; those of a folder are sorted. */
      predictions,
      /** The pictures that could not be classified. */
      unusable: found.unusable,
      /** The kind of the network, if it is not known here, so that stock layers ran. */
      unknownKind: runsAsStock ? metadata.network.kind : undefined,
    };
  } finally {
    network.dispose();
  }
}

/** The predictions as a table, a line per picture. */
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

/** Pictures in batches; says on the way which can be used, and why the others cannot. */
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
  // Separated by what sorts before all letters, so that the pictures of a folder stay together.
  const names = (await readdir(path, { recursive: true }))
    .map((name) => name.replaceAll(sep, "\0"))
    .filter((name) => isPictureName(name) && !/(^|\0)\./.test(name));
  const pictures = names.sort().map((name) => join(path, name.replaceAll("\0", sep)))
    .filter((picture) => !isFolder(picture));
  if (pictures.length === 0) throw new Error(`${path}: no pictures there; give another folder`);
  return pictures;
}
