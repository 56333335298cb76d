/**
 * A network with the pictures of a data set: training on some, computing outputs for others.
 *
 * @module
 */
import { evaluationBatches, trainingBatches } from "../data/batches.ts";
import type { LabelledImage } from "../data/categories.ts";
import { correctLabel, outputOf } from "../data/labels.ts";
import type { PixelCache } from "../data/pixel_cache.ts";
import { describe, type Experiment } from "../experiments.ts";
import { sha256 } from "../files/digest.ts";
import type { Network } from "../model/network.ts";
import type { Score, ScoredNetwork, ScoreFunction } from "../scores/score.ts";
import type { HistoryRow } from "./history.ts";
import { type OutputRows, outputRows } from "./inference.ts";
import type { TrainingObserver } from "./terminal_display.ts";
import { train, type TrainingOptions } from "./trainer.ts";

/** A network with its source of pictures. */
export interface NetworkOnPictures {
  readonly experiment: Experiment;
  readonly network: Network;
  /** Holds every requested picture. */
  readonly cache: PixelCache;
  /** Labels of the network's outputs. */
  readonly labels: readonly string[];
}

/** The pictures of a training, and how it is run. */
export interface TrainingOnPictures
  extends Pick<TrainingOptions, "seed" | "definitions" | "checkpoint" | "signal"> {
  readonly train: readonly LabelledImage[];
  /** Pictures for the losses and accuracies of the history. */
  readonly validation: readonly LabelledImage[];
  /** Stopped at the end, however that comes. */
  readonly observer: TrainingObserver;
}

/**
 * Trains the network, or finishes the training of a checkpoint.
 *
 * @returns one row per epoch
 * @throws as `train` of `trainer.ts`
 */
export async function trainOnPictures(
  { experiment, network, cache, labels }: NetworkOnPictures,
  { train: trainingImages, validation: validationImages, observer, ...options }: TrainingOnPictures,
): Promise<HistoryRow[]> {
  const labelled = (images: readonly LabelledImage[]) => ({
    images,
    labels: images.map((image) => outputOf(image, labels)),
  });
  const { batchSize, minimumSteps = 1 } = experiment.profile;
  const trained = labelled(trainingImages);
  const validated = labelled(validationImages);
  using training = trainingBatches({
    cache,
    ...trained,
    batchSize,
    minimumBatches: minimumSteps,
    seed: options.seed,
  });
  using validation = evaluationBatches({ cache, ...validated, batchSize });
  try {
    return await train({
      ...options,
      network,
      experiment,
      labels,
      pictures: sha256(JSON.stringify([trained, validated])),
      training,
      validation,
      onProgress: observer.onProgress,
      onEpoch: observer.onEpoch,
    });
  } finally {
    observer.stop();
  }
}

/**
 * The network's outputs for pictures that are not augmented.
 *
 * @throws the reason of the signal, if it is aborted
 */
export async function outputsOn(
  { experiment, network, cache, labels }: NetworkOnPictures,
  images: readonly LabelledImage[],
  options: { readonly features: boolean; readonly signal?: AbortSignal | undefined },
): Promise<OutputRows> {
  using batches = evaluationBatches({
    cache,
    images,
    labels: images.map((image) => outputOf(image, labels)),
    batchSize: experiment.profile.batchSize,
  });
  return await outputRows(network, batches, options);
}

/** The scores that are fitted to training pictures and apply to the network. */
export function scoresToFit(
  scores: readonly Score[],
  { experiment, labels }: Pick<NetworkOnPictures, "experiment" | "labels">,
): Score[] {
  const network = scoredNetwork({ experiment, labels });
  return scores.filter((score) => score.fit !== undefined && score.appliesTo(network));
}

/**
 * Fits scores to training pictures; returns each score's function by name.
 *
 * @param scores from {@linkcode scoresToFit}
 * @param images that the network was trained on
 * @throws the reason of the signal, if it is aborted
 */
export async function fitScores(
  scores: readonly Score[],
  pictures: NetworkOnPictures,
  images: readonly LabelledImage[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ScoreFunction>> {
  if (scores.length === 0) return new Map();
  const outputs = await outputsOn(pictures, images, { features: true, signal });
  const training = images.map((image, index) => ({
    label: correctLabel(image),
    logits: outputs.logits[index]!,
    features: outputs.features[index]!,
  }));
  const lastLayer = pictures.network.lastLayer(training[0]!.features.length);
  const network = scoredNetwork(pictures);
  return new Map(scores.map(({ name, fit }) => [name, fit!(network, training, lastLayer)]));
}

/** The values of scores for pictures, by the scores' names. */
export function scoreValues(
  scores: ReadonlyMap<string, ScoreFunction>,
  { logits, features }: OutputRows,
): Record<string, number[]> {
  return Object.fromEntries(
    [...scores].map(([name, scoreOf]) => [
      name,
      logits.map((row, index) => scoreOf({ logits: row, features: features[index]! })),
    ]),
  );
}

function scoredNetwork(
  { experiment, labels }: Pick<NetworkOnPictures, "experiment" | "labels">,
): ScoredNetwork {
  return { ...describe(experiment), labels };
}
