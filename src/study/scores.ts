/**
 * The scores that the study compares.
 *
 * @module
 */
import { SCORES } from "../scores/all.ts";
import { nearestNeighbours } from "../scores/nearest_neighbours.ts";
import { openMax } from "../scores/openmax.ts";
import { react } from "../scores/react.ts";
import { relativeMahalanobis } from "../scores/relative_mahalanobis.ts";
import type { Score } from "../scores/score.ts";
import { virtualLogit } from "../scores/vim.ts";

/** In the order of tables: the scores of every report, then scores fitted to training pictures. */
export const STUDY_SCORES: readonly Score[] = [
  ...SCORES,
  nearestNeighbours(),
  relativeMahalanobis,
  virtualLogit(),
  react(),
  openMax(),
];
