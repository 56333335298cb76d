/**
 * The labels of pictures and of a network's outputs. Pure data and arithmetic.
 *
 * @module
 */
import type { CategoryGroups, LabelledImage } from "./categories.ts";

/** The name of the label "none of these". */
export const NA = "na";

/** The output for {@linkcode NA}, in networks that have one. */
export const NA_OUTPUT = 0;

/** The label of pictures without an output in the network. */
export const NO_OUTPUT = -1;

/**
 * The labels of a network's outputs, in order: {@linkcode NA} first if the network has that
 * output, then the known categories, sorted by code unit.
 */
export function networkLabels(groups: CategoryGroups, hasNaOutput: boolean): string[] {
  const known = [...groups.known].sort();
  return hasNaOutput ? [NA, ...known] : known;
}

/** The labels without {@linkcode NA}: the known categories in network order. */
export function knownLabels(labels: readonly string[]): string[] {
  return labels.filter((label) => label !== NA);
}

/** The output of {@linkcode NA}, or {@linkcode NO_OUTPUT} if the network has none. */
export function naOutputOf(labels: readonly string[]): number {
  return labels.indexOf(NA);
}

/** The correct label of a picture: its category if that is a known one, else {@linkcode NA}. */
export function correctLabel({ group, category }: LabelledImage): string {
  return group === "known" ? category : NA;
}

/**
 * The output of a picture's {@linkcode correctLabel}; {@linkcode NO_OUTPUT} if that is {@linkcode
 * NA} and the network has no output for it.
 *
 * @param labels of the network's outputs, see {@linkcode networkLabels}
 * @throws {Error} if the picture's category is known but has no output
 */
export function outputOf(image: LabelledImage, labels: readonly string[]): number {
  const output = labels.indexOf(correctLabel(image));
  if (output < 0 && image.group === "known") {
    throw new Error(
      `${image.path}: the network has no output for "${image.category}", only for ` +
        labels.join(", "),
    );
  }
  return output;
}
