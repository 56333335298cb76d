/**
 * Splits of a data set's categories into groups, and of its pictures into training, validation and
 * test pictures. Pure.
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

/** A split of categories into known, unknown and unseen. */
export interface StudySplit {
  /** Also the name of its folder. */
  readonly name: string;
  /** The groups, without the held-out category. */
  readonly groups: CategoryGroups;
  /**
   * A category used neither for training nor for testing: its pictures represent unseen ones when
   * thresholds are chosen.
   */
  readonly heldOut?: string;
}

/** The pictures of a split. */
export interface StudyPictures {
  readonly train: readonly LabelledImage[];
  /** Known and unknown pictures and, if a category is held out, unseen ones. */
  readonly validation: readonly LabelledImage[];
  readonly test: readonly LabelledImage[];
}

/** The name of the data set's own split; for Imagenette, the article's split. */
export const OWN_SPLIT = "own";

/** The suffix of the names of splits with a held-out category. */
const HELD_OUT = "-held-out";

/** The seed of the drawn splits. */
const DRAW_SEED = 1;

/** The number of drawn splits. */
const DRAWS = 4;

/**
 * The data set's own split, and different ones of the same sizes, drawn with a fixed seed.
 *
 * @param groups the own split
 * @param trainable the categories with training pictures; all others are unseen in every split
 */
export function studySplits(
  groups: CategoryGroups,
  trainable: readonly string[],
): StudySplit[] {
  const splits: StudySplit[] = [{ name: OWN_SPLIT, groups }];
  const seen = new Set([keyOf(groups)]);
  // With very few categories there may be no other split.
  for (let attempt = 1; splits.length <= DRAWS && attempt <= 100; attempt++) {
    const drawn = drawGroups(groups, trainable, attempt);
    if (seen.has(keyOf(drawn))) continue;
    seen.add(keyOf(drawn));
    splits.push({ name: `draw-${splits.length}`, groups: drawn });
  }
  return splits;
}

/**
 * The split with its first unknown category, by name, held out.
 *
 * @returns undefined if no other category would remain unknown
 */
export function withHeldOut({ name, groups }: StudySplit): StudySplit | undefined {
  const [heldOut, ...unknown] = [...groups.unknown].sort();
  if (heldOut === undefined || unknown.length === 0) return undefined;
  return { name: name + HELD_OUT, groups: { ...groups, unknown }, heldOut };
}

/** The name of the split from which a split with a held-out category was made. */
export function withoutHeldOut(name: string): string {
  return name.endsWith(HELD_OUT) ? name.slice(0, -HELD_OUT.length) : name;
}

/**
 * The pictures of a split. Every split holds out the same pictures for validation.
 *
 * @param pictures all pictures of the data set, of any group
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

/** The group that represents pictures to reject when thresholds are chosen. */
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
