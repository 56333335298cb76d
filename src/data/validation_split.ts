/**
 * Holding pictures out of training to choose thresholds and hyper-parameters. Pure.
 *
 * @module
 */
import type { LabelledImage } from "./categories.ts";
import { drawnPart } from "./drawn_part.ts";

/** Training pictures, and validation pictures held out from them. */
export interface ValidationSplit {
  readonly train: readonly LabelledImage[];
  readonly validation: readonly LabelledImage[];
}

/**
 * Holds out a part of the training pictures of every category (stratified), always the same ones:
 * see {@linkcode drawnPart}. Both sides keep the order of the pictures.
 *
 * @param share in (0, 1)
 * @throws {RangeError} if the share is not in (0, 1), or a category has only one picture
 */
export function holdOutPart(train: readonly LabelledImage[], share = 0.1): ValidationSplit {
  if (!(share > 0 && share < 1)) {
    throw new RangeError(`a share of ${share} to validate with; use a number between 0 and 1`);
  }
  const heldOut = new Set<string>();
  for (const [category, images] of Map.groupBy(train, ({ category }) => category)) {
    if (images.length < 2) {
      throw new RangeError(
        `category "${category}" has one training picture (${images[0]!.path}), too few to hold ` +
          "any out for validation; add some",
      );
    }
    const paths = images.map(({ path }) => path);
    for (const path of drawnPart("validation", category, paths, share)) heldOut.add(path);
  }
  return {
    train: train.filter(({ path }) => !heldOut.has(path)),
    validation: train.filter(({ path }) => heldOut.has(path)),
  };
}

/**
 * Also holds out a whole category, as a stand-in for unseen ones: all its pictures are in
 * `validation`, with the group `unseen`.
 *
 * @throws {RangeError} as {@linkcode holdOutPart}, or if no training picture has the category
 */
export function holdOutCategory(
  train: readonly LabelledImage[],
  category: string,
  share = 0.1,
): ValidationSplit {
  const isHeldOut = (image: LabelledImage) => image.category === category;
  const whole = train.filter(isHeldOut).map((image) => ({ ...image, group: "unseen" as const }));
  if (whole.length === 0) {
    throw new RangeError(`no training picture is of category "${category}"; hold out another one`);
  }
  const others = holdOutPart(train.filter((image) => !isHeldOut(image)), share);
  return { train: others.train, validation: [...others.validation, ...whole] };
}
