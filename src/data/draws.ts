/**
 * The random side of training: the order of an epoch and what is done to each picture. Everything
 * is a function of the seed, the epoch and the position alone, so any batch can be made again
 * without the ones before it.
 *
 * @module
 */
import { randomStream } from "../random.ts";
import type { Augmentation } from "./augment.ts";

/** What is drawn for one picture of a training batch. */
export interface TrainingDraws extends Augmentation {
  /** Which fraction of the missing pixels is padded on the left or on the top, in [0, 1). */
  readonly padFraction: number;
}

/**
 * The draws for one place of an epoch: the article's distributions, fastai2's `aug_transforms()`.
 *
 * @param epoch counted from 0
 * @param position of the picture in the epoch's order, counted from 0
 */
export function trainingDraws(seed: number, epoch: number, position: number): TrainingDraws {
  const random = randomStream("augmentation", seed, epoch, position);
  const between = (low: number, high: number) => low + (high - low) * random();
  // Both numbers are always drawn, so that no draw depends on the outcome of another.
  const sometimes = (probability: number, value: number, otherwise: number) =>
    random() < probability ? value : otherwise;
  const maxLogContrast = Math.log(1.25);
  return {
    padFraction: between(0, 1),
    flip: random() < 0.5,
    degrees: sometimes(0.75, between(-10, 10), 0),
    zoom: sometimes(0.75, between(1, 1.1), 1),
    zoomCentre: [between(0, 1), between(0, 1)],
    warp: [sometimes(0.75, between(-0.2, 0.2), 0), sometimes(0.75, between(-0.2, 0.2), 0)],
    brightness: sometimes(0.75, between(0.4, 0.6), 0.5),
    contrast: sometimes(0.75, Math.exp(between(-maxLogContrast, maxLogContrast)), 1),
  };
}

/**
 * The order in which an epoch visits the pictures: a permutation of 0 ... count - 1.
 *
 * Source: Durstenfeld's form of the Fisher-Yates shuffle (1964).
 *
 * @param epoch counted from 0
 */
export function shuffledOrder(count: number, seed: number, epoch: number): Uint32Array {
  const random = randomStream("order", seed, epoch);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
