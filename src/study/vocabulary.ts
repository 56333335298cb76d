/**
 * The study report's names of trainings and scores, and its notation of probabilities. Pure.
 *
 * @module
 */
import { CHOSEN_SCORE, type StudyResults } from "./results_schema.ts";

/** The title of a score or of the chosen score. */
export function scoreTitle({ scores }: Pick<StudyResults, "scores">, name: string): string {
  return name === CHOSEN_SCORE ? "chosen on validation" : scores[name] ?? name;
}

/** The title of a training. */
export function trainingTitle(
  { trainings }: Pick<StudyResults, "trainings">,
  name: string,
): string {
  return trainings.find((training) => training.name === name)?.title ?? name;
}

/** The p-value of a test as text: `0.012`, `below 0.001`. */
export function probability(p: number): string {
  return p < 0.001 ? "below 0.001" : p.toFixed(3);
}
