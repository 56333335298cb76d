/**
 * Splits of a data set's categories into groups, and of its pictures into those to train on, to
 * validate with and to test with. Pure.
 *
 * @module
 */
import {
  byGroup,
  categoriesOf,
  type CategoryGroups,
  type Group,
  GROUPS,
  type LabelledImage,
} from "../data/categories.ts";
import { holdOutCategory, holdOutPart } from "../data/validation_split.ts";
import { randomStream } from "../random.ts";

/** Which categories are known, unknown and unseen. */
export interface StudySplit {
  /** Names its folder. */
  readonly name: string;
  /** Without the category that is held out. */
  readonly groups: CategoryGroups;
  /**
   * A category that is neither trained nor tested: its pictures stand for unseen ones when thresholds
   * are chosen.
   */
  readonly heldOut?: string;
}

/** The pictures of a split. */
export interface StudyPictures {
  readonly train: readonly LabelledImage[];
  /** Known pictures and others: unknown ones or, where a category is held out, unseen ones, too. */
  readonly validation: readonly LabelledImage[];
  readonly test: readonly LabelledImage[];
}

/** The data set's own split; for Imagenette, that of the article. */
export const OWN_SPLIT = "own";

/** How the names of splits end that have a category held out. */
const HELD_OUT = "-held-out";

/** Of the drawn splits; another one draws others. */
const DRAW_SEED = 1;

/** How many splits are drawn. */
const DRAWS = 4;

/**
 * The data set's own split and others of the same sizes, drawn by a fixed seed, all different.
 *
 * @param groups the own split
 * @param trainable the categories that have training pictures; others are unseen in every split
 */
export function studySplits(
  groups: CategoryGroups,
  trainable: readonly string[],
): StudySplit[] {
  const splits: StudySplit[] = [{ name: OWN_SPLIT, groups }];
  const seen = new Set([keyOf(groups)]);
  // So few categories may have no other split.
  for (let attempt = 1; splits.length <= DRAWS && attempt <= 100; attempt++) {
    const drawn = drawGroups(groups, trainable, attempt);
    if (seen.has(keyOf(drawn))) continue;
    seen.add(keyOf(drawn));
    splits.push({ name: `draw-${splits.length}`, groups: drawn });
  }
  return splits;
}

/**
 * The same with the first unknown category, by name, held out.
 *
 * @returns undefined if no other category would be unknown
 */
export function withHeldOut({ name, groups }: StudySplit): StudySplit | undefined {
  const [heldOut, ...unknown] = [...groups.unknown].sort();
  if (heldOut === undefined || unknown.length === 0) return undefined;
  return { name: name + HELD_OUT, groups: { ...groups, unknown }, heldOut };
}

/** The name of the split that one with a category held out comes from. */
export function withoutHeldOut(name: string): string {
  return name.endsWith(HELD_OUT) ? name.slice(0, -HELD_OUT.length) : name;
}

/**
 * The pictures of a split. The same pictures are held out for validation whatever the split.
 *
 * @param pictures all there are, of whatever groups
 */
export function splitPictures(
  { groups, heldOut }: StudySplit,
  pictures: Pick<StudyPictures, "train" | "test">,
): StudyPictures {
  const groupOf = new Map<string, Group>(
    GROUPS.flatMap((group) => groups[group].map((category) => [category, group] as const)),
  );
  const regrouped = (images: readonly LabelledImage[]) =>
    images.flatMap((image) => {
      const group = groupOf.get(image.category);
      return group === undefined ? [] : [{ ...image, group }];
    });
  const train = regrouped(pictures.train).filter(({ group }) => group !== "unseen");
  const test = regrouped(pictures.test);
  if (heldOut === undefined) return { ...holdOutPart(train), test };
  const whole = pictures.train.filter(({ category }) => category === heldOut);
  return { ...holdOutCategory([...train, ...whole], heldOut), test };
}

/** The group that stands for pictures to reject when thresholds are chosen. */
export function rejectedInValidation(
  { heldOut }: { readonly heldOut?: string | undefined },
): Group {
  return heldOut === undefined ? "unknown" : "unseen";
}

function drawGroups(
  groups: CategoryGroups,
  trainable: readonly string[],
  attempt: number,
): CategoryGroups {
  const random = randomStream("split of the study", DRAW_SEED, attempt);
  const places = categoriesOf(groups)
    .sort()
    .map((category) => ({ category, draw: random(), trained: trainable.includes(category) }))
    .sort((a, b) => Number(b.trained) - Number(a.trained) || a.draw - b.draw)
    .map(({ category }) => category);
  let start = 0;
  return byGroup((group) => places.slice(start, start += groups[group].length).sort());
}

function keyOf(groups: CategoryGroups): string {
  return JSON.stringify(byGroup((group) => [...groups[group]].sort()));
}
