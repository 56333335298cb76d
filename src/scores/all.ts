/**
 * The scores that every report shows.
 *
 * @module
 */
import { energy } from "./energy.ts";
import { highestScore } from "./highest_score.ts";
import { knownMinusNa } from "./known_minus_na.ts";
import { maxLogit } from "./max_logit.ts";
import type { Score } from "./score.ts";

/** In the order of tables. The first one applies to every network. */
export const SCORES: readonly Score[] = [highestScore, maxLogit, energy, knownMinusNa];
