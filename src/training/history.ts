/**
 * The record of each epoch of a training run, and the smoothing of its loss. Pure.
 *
 * @module
 */
import { z } from "zod";

/** Schema of a {@linkcode HistoryRow}. */
export const historyRowSchema = z.object({
  /** Counted from 0 over all phases. */
  epoch: z.number(),
  phase: z.string(),
  /** {@linkcode SmoothedLoss} of the training batches of the phase so far. */
  train_loss: z.number(),
  /** Mean over the validation pictures. */
  valid_loss: z.number(),
  /** Share of validation pictures whose highest score is at their label, `na` included. */
  accuracy: z.number(),
  /** The same for pictures whose label is not `na`; null if only known pictures are trained. */
  accuracy_without_na: z.number().nullable(),
  /** The same with low scores counted as `na`; null if only known pictures are trained. */
  accuracy_with_na: z.number().nullable(),
  /** Wall time of training and validation. */
  seconds: z.number(),
}).readonly();

/** One epoch; the keys are the columns of `history.csv`. */
export type HistoryRow = z.infer<typeof historyRowSchema>;

/** The measures of an epoch, without its number and its time. */
export type EpochMeasures = Omit<HistoryRow, "epoch" | "seconds">;

/** The share of the old average kept at each batch, as in fastai. */
const SMOOTHING = 0.98;

/** An exponentially weighted mean of losses, without the bias towards its start at 0. */
export interface SmoothedLoss {
  /** Number of losses so far. */
  readonly count: number;
  /** The biased mean. */
  readonly biased: number;
}

/** The mean before the first loss. */
export const NO_LOSS: SmoothedLoss = { count: 0, biased: 0 };

/** The mean with one more loss. */
export function withLoss({ count, biased }: SmoothedLoss, loss: number): SmoothedLoss {
  return { count: count + 1, biased: SMOOTHING * biased + (1 - SMOOTHING) * loss };
}

/** The mean without the bias; NaN before the first loss. */
export function smoothedValue({ count, biased }: SmoothedLoss): number {
  return biased / (1 - SMOOTHING ** count);
}
