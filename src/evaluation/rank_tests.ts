/**
 * Tests that compare several methods on the same blocks (for example splits and seeds) by their
 * ranks. Pure.
 *
 * Source: J. Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets" (2006).
 *
 * @module
 */
import jstat from "jstat";

/** The part of jStat used here; it comes without types. */
interface Distributions {
  readonly chisquare: { cdf(x: number, degrees: number): number };
  readonly normal: { cdf(x: number, mean: number, deviation: number): number };
  /** The studentized range distribution. */
  readonly tukey: { inv(probability: number, groups: number, degrees: number): number };
}

const { chisquare, normal, tukey } = jstat as Distributions;

/** The methods' ranks and whether they differ at all. */
export interface FriedmanTest {
  /** The mean rank of each method over the blocks; 1 is the best. */
  readonly meanRanks: number[];
  /** Chi-squared, corrected for ties; 0 if all values are tied. */
  readonly statistic: number;
  /** The probability of differences at least this large if the methods are equal. */
  readonly p: number;
}

/** Two methods, by their indices. */
export interface RankedPair {
  readonly first: number;
  readonly second: number;
  /** The two-sided probability of a difference at least this large if the two are equal. */
  readonly p: number;
  /** The same, corrected for the number of pairs by {@linkcode holm}. */
  readonly corrected: number;
}

/**
 * Friedman's test.
 *
 * Source: M. Friedman, "The use of ranks to avoid the assumption of normality implicit in the
 * analysis of variance" (1937); ties as in W. J. Conover, "Practical Nonparametric Statistics"
 * (1999).
 *
 * @param blocks one row per block with a value for each method; higher is better
 * @throws {RangeError} if there are fewer than two methods or no blocks, or rows differ in length
 */
export function friedmanTest(blocks: readonly (readonly number[])[]): FriedmanTest {
  const methods = requireBlocks(blocks);
  const ranks = blocks.map(ranksOf);
  const meanRanks = Array.from(
    { length: methods },
    (_, method) => ranks.reduce((sum, row) => sum + row[method]!, 0) / blocks.length,
  );
  const middle = (methods + 1) / 2;
  const between = meanRanks.reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  const within = ranks.flat().reduce((sum, rank) => sum + (rank - middle) ** 2, 0);
  const statistic = within === 0 ? 0 : blocks.length ** 2 * (methods - 1) * between / within;
  return { meanRanks, statistic, p: 1 - chisquare.cdf(statistic, methods - 1) };
}

/** All pairs of methods by the difference of their mean ranks, with Holm's correction. */
export function rankedPairs(meanRanks: readonly number[], blocks: number): RankedPair[] {
  const methods = meanRanks.length;
  const deviation = Math.sqrt(methods * (methods + 1) / (6 * blocks));
  const pairs = meanRanks.flatMap((rank, first) =>
    meanRanks.slice(first + 1).map((other, index) => ({
      first,
      second: first + 1 + index,
      p: 2 * normal.cdf(-Math.abs(rank - other) / deviation, 0, 1),
    }))
  );
  const corrected = holm(pairs.map(({ p }) => p));
  return pairs.map((pair, index) => ({ ...pair, corrected: corrected[index]! }));
}

/**
 * The smallest significant difference of two mean ranks at the 5% level, by Nemenyi's test.
 *
 * @param methods number of methods, at least 2
 */
export function criticalDifference(methods: number, blocks: number): number {
  const range = tukey.inv(0.95, methods, Infinity);
  return range / Math.SQRT2 * Math.sqrt(methods * (methods + 1) / (6 * blocks));
}

/**
 * The p-values of several tests, corrected so that at the 5% level at most one in twenty families
 * of tests has a false positive.
 *
 * Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979).
 */
export function holm(probabilities: readonly number[]): number[] {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[a]! - probabilities[b]!);
  const corrected = probabilities.map(() => 1);
  let highest = 0;
  order.forEach((test, place) => {
    const product = probabilities[test]! * (probabilities.length - place);
    highest = Math.max(highest, Math.min(1, product));
    corrected[test] = highest;
  });
  return corrected;
}

/** Ranks, 1 for the highest value; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const higher = values.filter((other) => other > value).length;
    const equal = values.filter((other) => other === value).length;
    return higher + (equal + 1) / 2;
  });
}

function requireBlocks(blocks: readonly (readonly number[])[]): number {
  const methods = blocks[0]?.length ?? 0;
  if (methods < 2) {
    throw new RangeError(`${blocks.length} blocks of ${methods} methods; ranks need two methods`);
  }
  const odd = blocks.find((row) => row.length !== methods || row.some((value) => !isFinite(value)));
  if (odd === undefined) return methods;
  throw new RangeError(`a block with the values ${odd.join(", ")}; each needs ${methods} numbers`);
}
