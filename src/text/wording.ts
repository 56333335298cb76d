/**
 * The report's notation of numbers.
 *
 * @module
 */
import { decisionNamed } from "../evaluation/decisions.ts";
import type { Difference } from "../evaluation/differences.ts";
import type { Interval } from "../evaluation/intervals.ts";
import type { Summary } from "../evaluation/statistics.ts";

/** The placeholder for a missing number. */
export const NO_NUMBER = "–";

/** A share as a percentage with one decimal: `83.5%`. */
export function percent(share: number): string {
  return `${inPercent(share)}%`;
}

/** A whole number with commas between thousands: `1,285`. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/**
 * A count of pictures over several runs with its share of all: `1,285 (83.5%)`, or with the
 * standard deviation `1,285.3 ± 12.1 (83.5 ± 0.8%)`; {@linkcode NO_NUMBER} if there are none at
 * all.
 */
export function countWithShare(summary: Summary, all: number): string {
  if (all === 0) return NO_NUMBER;
  const { mean, standardDeviation } = summary;
  const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const pictures = standardDeviation === null
    ? count(mean)
    : `${mean.toLocaleString("en-US", oneDecimal)} ± ${standardDeviation.toFixed(1)}`;
  return `${pictures} (${shareOf(summary, all)})`;
}

/** The share of a count over several runs: `83.5%` or `83.5 ± 0.8%`. */
export function shareOf({ mean, standardDeviation }: Summary, all: number): string {
  if (all === 0) return NO_NUMBER;
  const spread = standardDeviation === null ? "" : ` ± ${inPercent(standardDeviation / all)}`;
  return `${inPercent(mean / all)}${spread}%`;
}

/** A number over several runs: `0.787`, or with the standard deviation `0.787 ± 0.004`. */
export function decimal(summary: Summary | null, digits = 3): string {
  if (summary === null) return NO_NUMBER;
  const { mean, standardDeviation } = summary;
  const spread = standardDeviation === null ? "" : ` ± ${standardDeviation.toFixed(digits)}`;
  return `${mean.toFixed(digits)}${spread}`;
}

/** A time: `45 s`, `12 min 05 s`, `3 h 07 min`. */
export function duration(seconds: number): string {
  const twoDigits = (part: number) => String(part).padStart(2, "0");
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** A difference of shares in percentage points, with its sign: `+11.2 points`. */
export function points(difference: number): string {
  return `${signedPercent(difference)} points`;
}

/**
 * A difference of shares in words: `3.1 points more (95% interval 1.7 to 4.5)`. The interval counts
 * in the same direction, more or fewer.
 */
export function pointsMore({ mean, low, high }: Difference): string {
  const [from, to] = mean < 0 ? [-high, -low] : [low, high];
  const ends = [from, to].map((end) => withMinus(end)).join(" to ");
  return `${inPercent(Math.abs(mean))} points ${
    mean < 0 ? "fewer" : "more"
  } (95% interval ${ends})`;
}

/**
 * A difference of shares in percentage points with its interval, and with the standard deviation if
 * there are several seeds: `+3.1 ± 0.3 [+1.7, +4.5]`.
 */
export function percentWithInterval(difference: Difference): string {
  return withInterval(difference, signedPercent, inPercent);
}

/** A difference of numbers with its interval: `-0.008 ± 0.008 [-0.013, -0.002]`. */
export function decimalWithInterval(difference: Difference): string {
  return withInterval(difference, signedDecimal, (value) => value.toFixed(3));
}

/** A difference of shares in percent with its sign: `+11.2`, `0.0`. */
export function signedPercent(difference: number): string {
  return withSign(difference, inPercent(Math.abs(difference)));
}

/** A difference of numbers with its sign: `-0.008`, `0.000`. */
export function signedDecimal(difference: number): string {
  return withSign(difference, Math.abs(difference).toFixed(3));
}

/** An interval of shares in percent: `[67.7, 72.2]`. */
export function percentInterval({ low, high }: Interval): string {
  return `[${inPercent(low)}, ${inPercent(high)}]`;
}

/** A decision in words, by its name: `by argmax`, `at threshold 0.4`. */
export function by(decision: string): string {
  return decisionNamed(decision)?.phrase ?? `by ${decision}`;
}

/** Words as the start of a sentence. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return BRITISH_LIST.format(words);
}

/** British lists have no comma before `and`. */
const BRITISH_LIST = new Intl.ListFormat("en-GB");

/**
 * A share in percent with one decimal and no sign: `83.5`. Halves go up, as in 603 of 1200 =
 * 50.25%, which binary fractions miss.
 */
export function inPercent(share: number): string {
  return (Math.round(Number((1000 * share).toPrecision(12))) / 10).toFixed(1);
}

function withMinus(share: number): string {
  return signedPercent(share).replace("+", "");
}

function withInterval(
  { mean, standardDeviation, low, high }: Difference,
  signed: (value: number) => string,
  unsigned: (value: number) => string,
): string {
  const spread = standardDeviation === null ? "" : ` ± ${unsigned(standardDeviation)}`;
  return `${signed(mean)}${spread} [${signed(low)}, ${signed(high)}]`;
}

/** A number that rounds to zero has no sign. */
function withSign(value: number, size: string): string {
  return Number(size) === 0 ? size : value > 0 ? `+${size}` : `-${size}`;
}
