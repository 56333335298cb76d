/**
 * Decisions: from a picture's scores to a label. Pure.
 *
 * A decision is a plain value. Two forms are built in, {@linkcode argmax} and {@linkcode
 * threshold}; an experiment may define any other.
 *
 * @module
 */
import { NA, naOutputOf } from "../data/labels.ts";
import { ofProject } from "../definition.ts";

/** One row per picture, one score per network label in it. */
export type ScoreRows = readonly ArrayLike<number>[];

/** A decision: from a picture's scores to a label. `src/README.md` shows how to write one. */
export interface Decision {
  /** Name in tables and files, for example `threshold 0.4`; no two decisions share one. */
  readonly name: string;
  /** Wording inside a sentence, for example `at threshold 0.4`. */
  readonly phrase: string;
  /**
   * The label of a picture: the index of an output, or `naOutput` if it is rejected.
   *
   * @param scores one per output, none of them NaN, at least one
   * @param naOutput index of the output for `na`, or -1 for a network without one
   */
  readonly decide: (scores: ArrayLike<number>, naOutput: number) => number;
}

/** The label with the highest score, the first one in a tie. */
export const argmax: Decision = ofProject({
  name: "argmax",
  phrase: "by argmax",
  decide: indexOfHighest,
});

/**
 * Like {@linkcode argmax}, but a picture whose highest score is strictly below the threshold is
 * rejected.
 *
 * @throws {RangeError} if the threshold is not a number
 */
export function threshold(value: number): Decision {
  if (!Number.isFinite(value)) throw new RangeError(`a threshold is a number, not ${value}`);
  return ofProject<Decision>({
    name: `threshold ${value}`,
    phrase: `at threshold ${value}`,
    decide(scores, naOutput) {
      const highest = indexOfHighest(scores);
      return scores[highest]! < value ? naOutput : highest;
    },
  });
}

/** The decisions under which every experiment is compared, besides its own. */
export const COMPARED_DECISIONS: readonly Decision[] = [argmax, threshold(0.4), threshold(0.5)];

/** The decision with that name, if it has one of the built-in forms. */
export function decisionNamed(name: string): Decision | undefined {
  if (name === argmax.name) return argmax;
  const value = thresholdOf(name);
  return value === undefined ? undefined : threshold(value);
}

/** The threshold of the decision with that name, if it has the form {@linkcode threshold}. */
export function thresholdOf(name: string): number | undefined {
  const [, value] = /^threshold (-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)$/.exec(name) ?? [];
  return value === undefined ? undefined : Number(value);
}

/**
 * The label of every row of scores, as an index or `naOutput`.
 *
 * @throws {RangeError} if a row is empty or holds NaN; the message has the row.
 */
export function decide(scores: ScoreRows, decision: Decision, naOutput: number): number[] {
  return scores.map((row, index) => {
    if (row.length === 0) throw new RangeError(`row ${index} has no scores`);
    const label = Array.from(row).findIndex(Number.isNaN);
    if (label >= 0) {
      throw new RangeError(`row ${index} has a score that is not a number (label ${label})`);
    }
    return decision.decide(row, naOutput);
  });
}

/**
 * The label of every row of scores, as a network label or `na`.
 *
 * @throws {RangeError} as {@linkcode decide}
 */
export function decidedLabels(
  labels: readonly string[],
  scores: ScoreRows,
  decision: Decision,
): string[] {
  return decide(scores, decision, naOutputOf(labels)).map((label) => labels[label] ?? NA);
}

function indexOfHighest(scores: ArrayLike<number>): number {
  let highest = 0;
  for (let label = 1; label < scores.length; label++) {
    if (scores[label]! > scores[highest]!) highest = label;
  }
  return highest;
}
