import type { Profile } from "../profiles.ts";

/**
 * The article's training: `fine_tune(20, freeze_epochs=2)` at 128 pixels, with a trained stem. Its
 * stem was trained on ImageNet, ours on Imagewoof, which has no picture of Imagenette.
 */
export const ARTICLE_PROFILE: Profile = {
  name: "article",
  start: { stem: "imagewoof" },
  size: 128,
  batchSize: 48,
  phases: [
    {
      name: "frozen",
      epochs: 2,
      frozen: ["stem", "stages"],
      schedule: {
        maxLearningRates: { stem: 2e-4, stages: 2e-4, head: 2e-3 },
        pctStart: 0.99,
        div: 25,
        finalDiv: 1e5,
      },
    },
    {
      name: "unfrozen",
      epochs: 20,
      frozen: [],
      schedule: {
        maxLearningRates: { stem: 1e-5, stages: 1e-4, head: 1e-3 },
        pctStart: 0.3,
        div: 5,
        finalDiv: 1e5,
      },
    },
  ],
};

/** The same training with all weights random at the start. */
export const ARTICLE_RANDOM_PROFILE: Profile = {
  ...ARTICLE_PROFILE,
  name: "article-random",
  start: {},
};
