/**
 * The shares of a measure's variance that different factors explain. Pure.
 *
 * @module
 */

/** A measured value, with the level of every factor. */
export interface Observation {
  readonly value: number;
  /** Levels by the factor's name. */
  readonly levels: Readonly<Record<string, string>>;
}

/**
 * The share of the total sum of squares explained by each factor alone (its main effect, eta
 * squared), and the rest: interactions and chance. The shares add up to 1, because every
 * combination of levels occurs exactly once.
 *
 * Source: R. A. Fisher, "Statistical Methods for Research Workers" (1925), chapter 7.
 *
 * @param factors the names of the factors
 * @returns shares by the factor's name, and `rest`; `undefined` if all values are the same
 * @throws {RangeError} unless every combination of levels occurs exactly once
 */
export function varianceShares(
  observations: readonly Observation[],
  factors: readonly string[],
): Record<string, number> | undefined {
  requireComplete(observations, factors);
  const mean = meanOf(observations);
  const total = observations.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  if (total === 0) return undefined;
  const shares = factors.map((factor) => {
    const levels = [...Map.groupBy(observations, ({ levels }) => levels[factor]).values()];
    const between = levels.reduce(
      (sum, level) => sum + level.length * (meanOf(level) - mean) ** 2,
      0,
    );
    return [factor, between / total] as const;
  });
  const rest = 1 - shares.reduce((sum, [, share]) => sum + share, 0);
  return Object.fromEntries([...shares, ["rest", rest]]);
}

function meanOf(observations: readonly Observation[]): number {
  return observations.reduce((sum, { value }) => sum + value, 0) / observations.length;
}

function requireComplete(observations: readonly Observation[], factors: readonly string[]): void {
  const combinations = factors
    .map((factor) => new Set(observations.map(({ levels }) => levels[factor])).size)
    .reduce((product, levels) => product * levels, 1);
  const keys = observations.map(({ levels }) =>
    JSON.stringify(factors.map((name) => levels[name]))
  );
  if (keys.length === combinations && new Set(keys).size === combinations) return;
  throw new RangeError(
    `${observations.length} observations of ${combinations} combinations of ${
      factors.join(", ")
    }; ` +
      "each must occur exactly once",
  );
}
