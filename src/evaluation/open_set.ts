/**
 * Figures that judge the scores of an open-set classifier over all thresholds at once.
 *
 * A picture is accepted as known where its score is at or above a threshold. Known pictures are the
 * positives. Every function needs at least one score on each side and finite scores; it throws a
 * `RangeError` that names the offending score otherwise.
 *
 * @module
 */

/**
 * Area under the ROC curve: how often a known picture scores above an unknown one, where a tie
 * counts half.
 *
 * Source: Hanley and McNeil, "The Meaning and Use of the Area under a ROC Curve" (1982).
 */
export function auroc(known: ArrayLike<number>, unknown: ArrayLike<number>): number {
  let area = 0;
  let previous: AcceptedCounts = NONE_ACCEPTED;
  for (const accepted of acceptedAtEachThreshold(known, unknown)) {
    area += (accepted.unknown - previous.unknown) * (accepted.known + previous.known) / 2;
    previous = accepted;
  }
  return area / (known.length * unknown.length);
}

/** Average precision of finding the known pictures by their high scores (AUPR in). */
export function auprIn(known: ArrayLike<number>, unknown: ArrayLike<number>): number {
  let sum = 0;
  let previous: AcceptedCounts = NONE_ACCEPTED;
  for (const accepted of acceptedAtEachThreshold(known, unknown)) {
    const precision = accepted.known / (accepted.known + accepted.unknown);
    sum += (accepted.known - previous.known) * precision;
    previous = accepted;
  }
  return sum / known.length;
}

/** Average precision of finding the unknown pictures by their low scores (AUPR out). */
export function auprOut(known: ArrayLike<number>, unknown: ArrayLike<number>): number {
  requireScores(known, "known");
  requireScores(unknown, "unknown");
  return auprIn(negated(unknown), negated(known));
}

/**
 * The smallest share of unknown pictures accepted by a threshold that accepts at least 95% of the
 * known ones.
 *
 * Source: Liang, Li and Srikant, "Enhancing the Reliability of Out-of-distribution Image Detection
 * in Neural Networks" (2018).
 */
export function fprAt95Tpr(known: ArrayLike<number>, unknown: ArrayLike<number>): number {
  for (const accepted of acceptedAtEachThreshold(known, unknown)) {
    if (accepted.known / known.length >= 0.95) return accepted.unknown / unknown.length;
  }
  return 1;
}

/** The points of an open-set classification rate curve, in order of growing `fpr`. */
export interface OscrCurve {
  /** Share of the unknown pictures that are accepted (false positive rate). */
  readonly fpr: number[];
  /** Share of the known pictures that are accepted and right (correct classification rate). */
  readonly ccr: number[];
  /** Area under the curve by the trapezoid rule; at most the accuracy on the known pictures. */
  readonly area: number;
}

/**
 * The open-set classification rate curve: one point per distinct score taken as the threshold, from
 * the highest down, between a first point at (0, 0) and a last one at `fpr` 1.
 *
 * Source: Dhamija, Günther and Boult, "Reducing Network Agnostophobia" (2018).
 *
 * @param correct per known picture, whether its label is right
 */
export function oscrCurve(
  known: ArrayLike<number>,
  correct: ArrayLike<boolean>,
  unknown: ArrayLike<number>,
): OscrCurve {
  if (correct.length !== known.length) {
    throw new RangeError(
      `${known.length} known scores with ${correct.length} entries of "correct"; each needs one`,
    );
  }
  const fpr = [0];
  const ccr = [0];
  let area = 0;
  let previous: AcceptedCounts = NONE_ACCEPTED;
  for (const accepted of acceptedAtEachThreshold(known, unknown, correct)) {
    fpr.push(accepted.unknown / unknown.length);
    ccr.push(accepted.knownRight / known.length);
    area += (accepted.unknown - previous.unknown) *
      (accepted.knownRight + previous.knownRight) / 2;
    previous = accepted;
  }
  fpr.push(1);
  ccr.push(ccr.at(-1)!);
  return { fpr, ccr, area: area / (known.length * unknown.length) };
}

/** How many pictures score at or above a threshold. */
interface AcceptedCounts {
  readonly known: number;
  readonly knownRight: number;
  readonly unknown: number;
}

const NONE_ACCEPTED: AcceptedCounts = { known: 0, knownRight: 0, unknown: 0 };

/** The counts with each distinct score as the threshold, from the highest down. */
function* acceptedAtEachThreshold(
  known: ArrayLike<number>,
  unknown: ArrayLike<number>,
  correct?: ArrayLike<boolean>,
): Generator<AcceptedCounts> {
  requireScores(known, "known");
  requireScores(unknown, "unknown");
  const knownOrder = orderFromHighest(known);
  const unknownOrder = orderFromHighest(unknown);
  let knownCount = 0;
  let knownRight = 0;
  let unknownCount = 0;
  while (knownCount < known.length || unknownCount < unknown.length) {
    const threshold = Math.max(
      known[knownOrder[knownCount] ?? -1] ?? -Infinity,
      unknown[unknownOrder[unknownCount] ?? -1] ?? -Infinity,
    );
    while (knownCount < known.length && known[knownOrder[knownCount]!]! >= threshold) {
      if (correct?.[knownOrder[knownCount]!]) knownRight++;
      knownCount++;
    }
    while (unknownCount < unknown.length && unknown[unknownOrder[unknownCount]!]! >= threshold) {
      unknownCount++;
    }
    yield { known: knownCount, knownRight, unknown: unknownCount };
  }
}

function requireScores(scores: ArrayLike<number>, side: string): void {
  if (scores.length === 0) {
    throw new RangeError(`there are no ${side} scores; open-set figures need both sides`);
  }
  for (let index = 0; index < scores.length; index++) {
    if (!Number.isFinite(scores[index])) {
      throw new RangeError(
        `${side} score ${index} is ${scores[index]}; it must be a finite number`,
      );
    }
  }
}

function orderFromHighest(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, index) => index).sort((a, b) => scores[b]! - scores[a]!);
}

function negated(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (score) => -score);
}
