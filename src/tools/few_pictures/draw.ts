/**
 * A few pictures of a large data set, drawn at random. Pure.
 *
 * @module
 */
import type { CategoryGroups, Group, LabelledImage } from "../../data/categories.ts";
import { GROUPS } from "../../data/categories.ts";
import type { Dataset } from "../../data/dataset.ts";
import { randomStream } from "../../random.ts";

/** Numbers of pictures drawn from each category. */
export interface FewPictures {
  readonly train: number;
  readonly test: number;
}

/**
 * Draws this number of training and test pictures of each category, different ones for each draw.
 *
 * @param draw the number of the draw
 * @throws {Error} if a category has fewer
 */
export function drawFew(dataset: Dataset, draw: number, { train, test }: FewPictures): Dataset {
  const { splits } = dataset;
  return {
    ...dataset,
    splits: {
      train: drawEach(splits.train, draw, "train", train),
      test: drawEach(splits.test, draw, "test", test),
    },
  };
}

/**
 * A data set for choosing settings, made only of training pictures: the last unknown category
 * replaces the unseen ones, and test pictures drawn by {@linkcode drawFew} are never used for
 * training.
 *
 * @throws {Error} if there are fewer than two unknown categories
 */
export function trainingPicturesAlone(dataset: Dataset): Dataset {
  const { known, unknown } = dataset.groups;
  if (unknown.length < 2) {
    throw new Error(`${dataset.name}: settings are chosen on two unknown categories or more`);
  }
  const groups: CategoryGroups = {
    known,
    unknown: unknown.slice(0, -1),
    unseen: unknown.slice(-1),
  };
  const groupOf = new Map(
    GROUPS.flatMap((group) => groups[group].map((category): [string, Group] => [category, group])),
  );
  const regrouped = dataset.splits.train.flatMap((image) => {
    const group = groupOf.get(image.category);
    return group === undefined ? [] : [{ ...image, group }];
  });
  // Half for training and half for testing, the same halves for every draw.
  const halves = [...Map.groupBy(regrouped, ({ category }) => category)].map(([category, all]) => {
    const order = shuffled(all, randomStream("halves", category));
    const middle = Math.floor(order.length / 2);
    return [order.slice(0, middle), order.slice(middle)] as const;
  });
  return {
    ...dataset,
    groups,
    splits: {
      train: halves.flatMap(([train]) => train).filter(({ group }) => group !== "unseen"),
      test: halves.flatMap(([, test]) => test),
    },
  };
}

function drawEach(
  images: readonly LabelledImage[],
  draw: number,
  split: string,
  wanted: number,
): LabelledImage[] {
  return [...Map.groupBy(images, ({ category }) => category)].flatMap(([category, all]) => {
    if (all.length < wanted) {
      throw new Error(`"${category}" has ${all.length} pictures to ${split}, not ${wanted}`);
    }
    return shuffled(all, randomStream("few pictures", draw, split, category)).slice(0, wanted);
  });
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all.map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
