/**
 * Measures of an open-set classifier's scores over all thresholds at once. Pure.
 *
 * A picture is accepted as known if its score is at or above a threshold. Known pictures are the
 * positives. Pictures are sorted once (`rankPictures`) and can then be measured as they are, or
 * with each counted several times, as in a resample.
 *
 * @module
 */

/** How many times each picture counts. */
export type DrawCounts = Uint16Array;

/** A picture to be ranked. */
export interface ScoredPicture {
  /** Its place in the test set. */
  readonly place: number;
  /** Its score; higher is more likely known. */
  readonly score: number;
  readonly known: boolean;
  /** Whether its highest known score is at its own category. */
  readonly correct: boolean;
}

/** Known and other pictures, sorted by falling score. */
export interface RankedPictures {
  /** Places of the pictures in the test set. */
  readonly order: Uint32Array;
  /** Per rank, 1 for a known picture, else 0. */
  readonly known: Uint8Array;
  /** Per rank, 1 for a known picture whose highest known score is at its own category. */
  readonly correct: Uint8Array;
  /** Per rank, 1 if the next score is lower: a threshold can lie there. */
  readonly lastOfScore: Uint8Array;
}

/** Measures that are cheap enough for every resample. */
export interface RankedMeasures {
  /**
   * Area under the ROC curve: the probability that a known picture scores above another one, with
   * ties counted half.
   *
   * Source: Hanley and McNeil, "The Meaning and Use of the Area under a ROC Curve" (1982).
   */
  readonly auroc: number;
  /**
   * The smallest share of other pictures accepted by a threshold that accepts at least 95% of the
   * known ones.
   *
   * Source: Liang, Li and Srikant, "Enhancing the Reliability of Out-of-distribution Image
   * Detection in Neural Networks" (2018).
   */
  readonly fprAt95Tpr: number;
  /**
   * Area under the {@linkcode OscrCurve} by the trapezoid rule; at most the accuracy on the known
   * pictures.
   */
  readonly oscrArea: number;
}

/** All measures over all thresholds. */
export interface OpenSetMeasures extends RankedMeasures {
  /** Average precision of finding the known pictures by their high scores (AUPR in). */
  readonly auprIn: number;
  /** Average precision of finding the other pictures by their low scores (AUPR out). */
  readonly auprOut: number;
}

/**
 * Ranks pictures by score.
 *
 * @throws {RangeError} if a score is not finite, or there are no known or no other pictures.
 */
export function rankPictures(pictures: readonly ScoredPicture[]): RankedPictures {
  const bad = pictures.find(({ score }) => !Number.isFinite(score));
  if (bad !== undefined) {
    throw new RangeError(
      `the score of picture ${bad.place} is ${bad.score}; it must be a finite number`,
    );
  }
  const knownCount = pictures.filter(({ known }) => known).length;
  requireBothSides(knownCount, pictures.length - knownCount);
  const ranked = [...pictures].sort((a, b) => b.score - a.score);
  return {
    order: Uint32Array.from(ranked, ({ place }) => place),
    known: Uint8Array.from(ranked, ({ known }) => Number(known)),
    correct: Uint8Array.from(ranked, ({ known, correct }) => Number(known && correct)),
    lastOfScore: Uint8Array.from(
      ranked,
      ({ score }, rank) => score === ranked[rank + 1]?.score ? 0 : 1,
    ),
  };
}

/** Ranks the pictures of a test set, given the scores of known and of other pictures. */
export function rankScores(
  known: ArrayLike<number>,
  others: ArrayLike<number>,
  correct?: ArrayLike<boolean>,
): RankedPictures {
  if (correct !== undefined && correct.length !== known.length) {
    throw new RangeError(
      `${known.length} known scores with ${correct.length} entries of "correct"; each needs one`,
    );
  }
  const pictures = [
    ...Array.from(known, (score, index) => ({ score, known: true, correct: !!correct?.[index] })),
    ...Array.from(others, (score) => ({ score, known: false, correct: false })),
  ];
  return rankPictures(pictures.map((picture, place) => ({ place, ...picture })));
}

/** All measures of a test set, each picture counted once. */
export function openSetMeasures(ranked: RankedPictures): OpenSetMeasures {
  return {
    ...rankedMeasures(ranked, everyOne(ranked)),
    auprIn: averagePrecision(ranked.known, ranked.lastOfScore),
    auprOut: averagePrecision(...fromBelow(ranked)),
  };
}

/**
 * The measures with each picture counted the given number of times.
 *
 * @throws {RangeError} if the counts of all known pictures or of all others are 0.
 */
export function rankedMeasures(
  { order, known, correct, lastOfScore }: RankedPictures,
  counts: DrawCounts,
): RankedMeasures {
  let all = 0;
  let allKnown = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const count = counts[order[rank]!]!;
    all += count;
    allKnown += count * known[rank]!;
  }
  const allOthers = all - allKnown;
  requireBothSides(allKnown, allOthers);
  // Multiplications instead of branches: kinds alternate at random, and this runs millions of
  // times.
  let accepted = 0;
  let acceptedKnown = 0;
  let acceptedCorrect = 0;
  let othersBefore = 0;
  let knownBefore = 0;
  let correctBefore = 0;
  let doubleRocArea = 0;
  let doubleOscrArea = 0;
  let othersAt95 = -1;
  for (let rank = 0; rank < order.length; rank++) {
    const count = counts[order[rank]!]!;
    accepted += count;
    acceptedKnown += count * known[rank]!;
    acceptedCorrect += count * correct[rank]!;
    if (lastOfScore[rank] === 0) continue;
    const acceptedOthers = accepted - acceptedKnown;
    const step = acceptedOthers - othersBefore;
    doubleRocArea += step * (acceptedKnown + knownBefore);
    doubleOscrArea += step * (acceptedCorrect + correctBefore);
    if (othersAt95 < 0 && acceptedKnown / allKnown >= 0.95) othersAt95 = acceptedOthers;
    othersBefore = acceptedOthers;
    knownBefore = acceptedKnown;
    correctBefore = acceptedCorrect;
  }
  const pairs = allKnown * allOthers;
  return {
    auroc: doubleRocArea / 2 / pairs,
    fprAt95Tpr: othersAt95 / allOthers,
    oscrArea: doubleOscrArea / 2 / pairs,
  };
}

/**
 * The smallest share of known pictures rejected by a threshold that rejects at least 95% of the
 * other ones: {@linkcode RankedMeasures.fprAt95Tpr} with the others as the positives, as in
 * OpenOOD.
 *
 * Source: Yang et al., "OpenOOD: Benchmarking Generalized Out-of-Distribution Detection" (2022).
 */
export function fprAt95TprOfOthers({ known, lastOfScore }: RankedPictures): number {
  const allKnown = known.reduce((sum, one) => sum + one, 0);
  const allOthers = known.length - allKnown;
  let [rejectedKnown, rejectedOthers] = [0, 0];
  for (let rank = known.length - 1; rank >= 0; rank--) {
    rejectedKnown += known[rank]!;
    rejectedOthers += 1 - known[rank]!;
    // A threshold lies between this score and the next higher one.
    const isThreshold = rank === 0 || lastOfScore[rank - 1] === 1;
    if (isThreshold && rejectedOthers / allOthers >= 0.95) break;
  }
  return rejectedKnown / allKnown;
}

/**
 * The highest share of known pictures that are accepted and correct, at a threshold that accepts at
 * most this share of the others.
 *
 * Source: Dhamija, Günther and Boult, "Reducing Network Agnostophobia" (2018), who report it for
 * several shares.
 */
export function ccrAtFpr(ranked: RankedPictures, limit: number): number {
  const { fpr, ccr } = oscrCurve(ranked);
  return fpr.reduce((best, share, place) => share <= limit ? Math.max(best, ccr[place]!) : best, 0);
}

/** Counts of 1 for every picture. */
export function everyOne({ order }: RankedPictures): DrawCounts {
  return new Uint16Array(order.reduce((most, place) => Math.max(most, place), 0) + 1).fill(1);
}

/** The points of an open-set classification rate curve, in order of growing `fpr`. */
export interface OscrCurve {
  /** Share of the other pictures that are accepted (false positive rate). */
  readonly fpr: number[];
  /** Share of the known pictures that are accepted and correct (correct classification rate). */
  readonly ccr: number[];
}

/**
 * The open-set classification rate curve: one point per distinct score taken as the threshold, from
 * the highest down, between a first point at (0, 0) and a last one at `fpr` 1.
 *
 * Source: Dhamija, Günther and Boult, "Reducing Network Agnostophobia" (2018).
 */
export function oscrCurve({ known, correct, lastOfScore }: RankedPictures): OscrCurve {
  const allKnown = known.reduce((sum, one) => sum + one, 0);
  const allOthers = known.length - allKnown;
  const fpr = [0];
  const ccr = [0];
  let acceptedOthers = 0;
  let acceptedCorrect = 0;
  for (let rank = 0; rank < known.length; rank++) {
    acceptedOthers += 1 - known[rank]!;
    acceptedCorrect += correct[rank]!;
    if (lastOfScore[rank] === 0) continue;
    fpr.push(acceptedOthers / allOthers);
    ccr.push(acceptedCorrect / allKnown);
  }
  fpr.push(1);
  ccr.push(ccr.at(-1)!);
  return { fpr, ccr };
}

/** The mean, over the positives, of the precision at each one's score. */
function averagePrecision(positive: ArrayLike<number>, lastOfScore: ArrayLike<number>): number {
  let accepted = 0;
  let before = 0;
  let sum = 0;
  for (let rank = 0; rank < positive.length; rank++) {
    accepted += positive[rank]!;
    if (lastOfScore[rank] === 0) continue;
    sum += (accepted - before) * accepted / (rank + 1);
    before = accepted;
  }
  return sum / accepted;
}

/** The same pictures sorted by growing score, with the others as the positives. */
function fromBelow({ known, lastOfScore }: RankedPictures): [Uint8Array, Uint8Array] {
  // A rank is the last of its score from below if the rank above it is the last of a higher score.
  const last = lastOfScore.map((_, rank) => rank === 0 ? 1 : lastOfScore[rank - 1]!);
  return [known.map((one) => 1 - one).toReversed(), last.toReversed()];
}

function requireBothSides(known: number, others: number): void {
  if (known > 0 && others > 0) return;
  throw new RangeError(
    `${known} known and ${others} other pictures; open-set measures need both`,
  );
}
