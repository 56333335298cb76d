/**
 * Runs saved before experiments were open values: `config.json` named one of the article's
 * experiments and nothing of it, and `predictions.csv` held scores and not logits. They can be read
 * until they are trained again; then this file can go.
 *
 * @module
 */
import { ARTICLE_EXPERIMENTS } from "../article/experiments.ts";
import { ARTICLE_PROFILE, ARTICLE_RANDOM_PROFILE } from "../article/profile.ts";
import type { Prediction } from "../evaluation/predictions.ts";
import { describe, type ExperimentDescription } from "../experiments.ts";

/** A parsed `config.json` in today's form; one that has that form, or none, is given back. */
export function fromEarlierFormat(config: unknown): unknown {
  if (typeof config !== "object" || config === null || "loss" in config) return config;
  const { experiment, profile } = config as {
    experiment?: unknown;
    profile?: { readonly name?: unknown };
  };
  const article = ARTICLE_EXPERIMENTS.find(({ name }) => name === experiment);
  if (article === undefined) return config;
  // Everything started at random then, and learning rates were listed by position.
  const sameProfile = profile?.name === ARTICLE_PROFILE.name ? ARTICLE_RANDOM_PROFILE : profile;
  const { name: _name, ...description } = describe({ ...article, profile: ARTICLE_RANDOM_PROFILE });
  return JSON.parse(JSON.stringify({ ...config, ...description, profile: sameProfile }));
}

/**
 * How cells are read that hold scores: as they are, with logits that give these scores. For softmax
 * a constant is lost with each picture.
 */
export function savedAsScores({ activation }: ExperimentDescription) {
  const logitOf = (score: number) => {
    // Six digits do not tell the lowest and highest scores from 0 and 1, which no logit gives.
    const inside = Math.min(Math.max(score, 1e-12), 1 - 2.5e-7);
    return Math.log(inside) - (activation === "softmax" ? 0 : Math.log1p(-inside));
  };
  return {
    exactLogits: false,
    ofCell(scores: readonly number[]): Pick<Prediction, "logits" | "scores"> {
      const stray = scores.find((score) => !(score >= 0 && score <= 1));
      if (stray !== undefined) throw new RangeError("a score within 0 to 1");
      return { scores, logits: scores.map(logitOf) };
    },
  };
}
