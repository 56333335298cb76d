/**
 * Scores: how known a picture is, as one number to compare with a threshold. Pure.
 *
 * A score is computed after training, from a network's outputs for a picture. Each has its own file
 * beside this one; `all.ts` lists the scores of every report.
 *
 * @module
 */
import { NA } from "../data/labels.ts";
import type { Activation } from "../losses/activation.ts";
import type { NaTarget } from "../losses/loss.ts";

/** The properties of the network that a score may use. */
export interface ScoredNetwork {
  /** The labels of its outputs, in order. */
  readonly labels: readonly string[];
  readonly activation: Activation;
  /** The target of pictures outside the known categories in its training. */
  readonly naTarget: NaTarget | "untrained";
}

/** A network's outputs for one picture. */
export interface PictureOutputs {
  /** One per label. */
  readonly logits: ArrayLike<number>;
  /** The logits after the network's activation, if already computed. */
  readonly scores?: ArrayLike<number> | undefined;
  /** The inputs of the last layer; only fitted scores get them. */
  readonly features?: ArrayLike<number> | undefined;
}

/** A training picture with the trained network's outputs for it. */
export interface TrainingOutputs extends PictureOutputs {
  readonly features: ArrayLike<number>;
  /** Its correct label. */
  readonly label: string;
}

/** The affine map from features to logits at the end of the network. */
export interface LastLayer {
  /** One row per output, with one number per feature. */
  readonly weights: readonly ArrayLike<number>[];
  /** One per output. */
  readonly bias: ArrayLike<number>;
}

/** How known a picture is; higher is more likely known. */
export type ScoreFunction = (picture: PictureOutputs) => number;

/**
 * A score.
 *
 * @example
 * ```ts
 * // The mean of the known logits.
 * const meanLogit: Score = {
 *   name: "mean-logit",
 *   title: "mean known logit",
 *   appliesTo: () => true,
 *   of: ({ labels }) => {
 *     const columns = knownColumns(labels);
 *     return ({ logits }) => columns.reduce((sum, c) => sum + logits[c]!, 0) / columns.length;
 *   },
 * };
 * ```
 */
export interface Score {
  /** Name in files; no two scores share one. */
  readonly name: string;
  /** Title in tables, for example `energy`. */
  readonly title: string;
  /** The options of `fit`, if it has any; part of a run's identity. */
  readonly options?: Readonly<Record<string, number>> | undefined;
  /** Whether it can be computed for such a network and differs from the other scores there. */
  appliesTo(network: ScoredNetwork): boolean;
  /** The score's function for a network. Throws a `RangeError` if the score does not apply. */
  of?(network: ScoredNetwork): ScoreFunction;
  /**
   * The same, fitted to the training pictures. Such a score is computed at the end of a run and
   * saved with it, because features are not saved.
   *
   * @param lastLayer the map from features to logits
   */
  fit?(
    network: ScoredNetwork,
    training: readonly TrainingOutputs[],
    lastLayer: LastLayer,
  ): ScoreFunction;
}

/**
 * Makes sure that scores can be in the same report.
 *
 * @throws {Error} if two have the same name, or one cannot be computed
 */
export function checkScores(scores: readonly Score[]): void {
  const empty = scores.find((score) => score.of === undefined && score.fit === undefined);
  if (empty !== undefined) {
    throw new Error(`score "${empty.name}" has neither "of" nor "fit"; give it one of them`);
  }
  const names = scores.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new Error(`two scores are named "${twice}"; give one of them another name`);
}

/**
 * The columns of the known labels.
 *
 * @throws {RangeError} if there is none
 */
export function knownColumns(labels: readonly string[]): number[] {
  const columns = labels.flatMap((label, column) => label === NA ? [] : [column]);
  if (columns.length === 0) throw new RangeError(`no known label among ${labels.join(", ")}`);
  return columns;
}

/** The highest value in some columns of a row. */
export function highestOf(row: ArrayLike<number>, columns: readonly number[]): number {
  return columns.reduce((highest, column) => Math.max(highest, row[column]!), -Infinity);
}
