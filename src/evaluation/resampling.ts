/**
 * Test sets drawn again and again from the pictures of one test set, and figures computed on each.
 *
 * A resample is written as one count per picture: how often it was drawn. So every figure of every
 * run is computed on the very same resamples, and scores are sorted once and not once per resample.
 *
 * Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 6 and 13.
 *
 * @module
 */
import type { OpenSetFigures } from "./evaluate.ts";

/** How often each picture is drawn. */
export type DrawCounts = Uint16Array;

/**
 * Resamples of a test set, drawn with replacement within each group, so that every group keeps its
 * size.
 *
 * @param groupSizes numbers of pictures; the pictures of a group are neighbours
 * @param random uniform numbers in [0, 1)
 */
export function resampleWithinGroups(
  groupSizes: readonly number[],
  resamples: number,
  random: () => number,
): DrawCounts[] {
  const images = groupSizes.reduce((sum, size) => sum + size, 0);
  return Array.from({ length: resamples }, () => {
    const counts = new Uint16Array(images);
    let start = 0;
    for (const size of groupSizes) {
      for (let draw = 0; draw < size; draw++) counts[start + Math.floor(size * random())]!++;
      start += size;
    }
    return counts;
  });
}

/** The open-set figures that are cheap enough to compute on every resample. */
export type ResampledFigures = Pick<OpenSetFigures, "auroc" | "fprAt95Tpr" | "oscrArea">;

/** Known and other pictures in order of falling score, to be counted on many resamples. */
export interface RankedPictures {
  /** Places of the pictures in the test set. */
  readonly order: Uint32Array;
  /** Per rank, 1 for a known picture and 0 for another one. */
  readonly known: Uint8Array;
  /** Per rank, 1 for a known picture whose highest known score is at its own category. */
  readonly right: Uint8Array;
  /** Per rank, 1 where the next score is lower: a threshold can lie there. */
  readonly lastOfScore: Uint8Array;
}

/** A picture to be ranked. */
export interface ScoredPicture {
  /** Its place in the test set. */
  readonly place: number;
  readonly score: number;
  readonly known: boolean;
  /** Whether its highest known score is at its own category. */
  readonly right: boolean;
}

/**
 * Sorts pictures by score.
 *
 * @throws {RangeError} if a score is not finite.
 */
export function rankPictures(pictures: readonly ScoredPicture[]): RankedPictures {
  const bad = pictures.find(({ score }) => !Number.isFinite(score));
  if (bad !== undefined) throw new RangeError(`the score of picture ${bad.place} is ${bad.score}`);
  const ranked = [...pictures].sort((a, b) => b.score - a.score);
  return {
    order: Uint32Array.from(ranked, ({ place }) => place),
    known: Uint8Array.from(ranked, ({ known }) => Number(known)),
    right: Uint8Array.from(ranked, ({ known, right }) => Number(known && right)),
    lastOfScore: Uint8Array.from(
      ranked,
      ({ score }, rank) => score === ranked[rank + 1]?.score ? 0 : 1,
    ),
  };
}

/**
 * The figures of `open_set.ts` on a resample: as if each picture were there as often as it was
 * drawn.
 *
 * @throws {RangeError} if no known picture or no other one was drawn.
 */
export function resampledFigures(
  { order, known, right, lastOfScore }: RankedPictures,
  counts: DrawCounts,
): ResampledFigures {
  let all = 0;
  let allKnown = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const count = counts[order[rank]!]!;
    all += count;
    allKnown += count * known[rank]!;
  }
  const allOthers = all - allKnown;
  if (allKnown === 0 || allOthers === 0) {
    throw new RangeError(`${allKnown} known and ${allOthers} other pictures; both are needed`);
  }
  // Multiplied and not branched on: kinds alternate at random, and this runs millions of times.
  let accepted = 0;
  let acceptedKnown = 0;
  let acceptedRight = 0;
  let othersBefore = 0;
  let knownBefore = 0;
  let rightBefore = 0;
  let doubleRocArea = 0;
  let doubleOscrArea = 0;
  let othersAt95 = -1;
  for (let rank = 0; rank < order.length; rank++) {
    const count = counts[order[rank]!]!;
    accepted += count;
    acceptedKnown += count * known[rank]!;
    acceptedRight += count * right[rank]!;
    if (lastOfScore[rank] === 0) continue;
    const acceptedOthers = accepted - acceptedKnown;
    const step = acceptedOthers - othersBefore;
    doubleRocArea += step * (acceptedKnown + knownBefore);
    doubleOscrArea += step * (acceptedRight + rightBefore);
    if (othersAt95 < 0 && acceptedKnown / allKnown >= 0.95) othersAt95 = acceptedOthers;
    othersBefore = acceptedOthers;
    knownBefore = acceptedKnown;
    rightBefore = acceptedRight;
  }
  const pairs = allKnown * allOthers;
  return {
    auroc: doubleRocArea / 2 / pairs,
    fprAt95Tpr: othersAt95 / allOthers,
    oscrArea: doubleOscrArea / 2 / pairs,
  };
}
