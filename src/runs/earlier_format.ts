/**
 * Runs saved in an earlier format: `config.json` contained only the name of one of the article's
 * experiments, and `predictions.csv` contained scores instead of logits. They can be read until
 * they are trained again; then this file can be deleted.
 *
 * @module
 */
import { ARTICLE_EXPERIMENTS } from "../article/experiments.ts";
import { ARTICLE_PROFILE, ARTICLE_RANDOM_PROFILE } from "../article/profile.ts";
import type { Prediction } from "../evaluation/predictions.ts";
import { describe, type ExperimentDescription } from "../experiments.ts";

/**
 * Converts a parsed `config.json` to today's form; returns it as it is if it is not of the earlier
 * one.
 */
export function fromEarlierFormat(config: unknown): unknown {
  if (typeof config !== "object" || config === null || "loss" in config) return config;
  const { experiment, profile } = config as {
    experiment?: unknown;
    profile?: { readonly name?: unknown };
  };
  const article = ARTICLE_EXPERIMENTS.find(({ name }) => name === experiment);
  if (article === undefined) return config;
  // Back then everything started at random, and learning rates were listed by position.
  const sameProfile = profile?.name === ARTICLE_PROFILE.name ? ARTICLE_RANDOM_PROFILE : profile;
  const { name: _name, ...description } = describe({ ...article, profile: ARTICLE_RANDOM_PROFILE });
  return JSON.parse(JSON.stringify({ ...config, ...description, profile: sameProfile }));
}

/**
 * Reads cells that contain scores, and derives logits that give these scores. For softmax, each
 * picture's logits are known only up to a constant.
 */
export function savedAsScores({ activation }: ExperimentDescription) {
  const logitOf = (score: number) => {
    // Six digits round the lowest and highest scores to 0 and 1, which no finite logit gives.
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
