/**
 * A data set with everything an experiment needs to know about it.
 *
 * @module
 */
import {
  byGroup,
  type CategoryGroups,
  type DatasetSplits,
  type Group,
  type LabelledImage,
} from "./categories.ts";

/** A data set on this machine. */
export interface Dataset {
  /** Names its results folder. */
  readonly name: string;
  /** The folder that the pictures' paths are relative to. */
  readonly root: string;
  readonly groups: CategoryGroups;
  /** Readable names of categories whose folders have other names. */
  readonly categoryNames: Readonly<Record<string, string>>;
  readonly splits: DatasetSplits;
  /** Pictures of the folder that are in no split because they are unusable. */
  readonly leftOut: readonly UnusableFile[];
  /**
   * Why this data set is used instead of the default one: a sentence for the reader of the report.
   */
  readonly substitution?: string;
}

/** A file that should be a picture but is unusable. */
export interface UnusableFile {
  /** Path relative to the data set's folder, with `/` between folders. */
  readonly path: string;
  /** The fault, for example `the file is empty`. */
  readonly reason: string;
}

/**
 * The data set without unusable pictures.
 *
 * @throws {Error} if a category had training or test pictures and none of them is left
 */
export function leaveOut(dataset: Dataset, files: readonly UnusableFile[]): Dataset {
  if (files.length === 0) return dataset;
  const unusable = new Set(files.map(({ path }) => path));
  const usable = (split: keyof DatasetSplits): LabelledImage[] => {
    const all = dataset.splits[split];
    const left = all.filter(({ path }) => !unusable.has(path));
    const categories = new Set(left.map(({ category }) => category));
    const lost = all.find(({ category }) => !categories.has(category));
    if (lost !== undefined) {
      const purpose = split === "train" ? "to train on" : "to be tested with";
      throw new Error(
        `${dataset.root}: no usable picture is left of category "${lost.category}" ${purpose} ` +
          `(${lost.path} is one of those left out); add some or take it out of its group`,
      );
    }
    return left;
  };
  return {
    ...dataset,
    splits: { train: usable("train"), test: usable("test") },
    leftOut: [...dataset.leftOut, ...files],
  };
}

/** Numbers of pictures by split and group. */
export function countByGroup(
  { train, test }: DatasetSplits,
): Record<keyof DatasetSplits, Record<Group, number>> {
  const count = (images: DatasetSplits["train"]) =>
    byGroup((group) => imagesOfGroups(images, [group]).length);
  return { train: count(train), test: count(test) };
}

/** The pictures of some groups, in unchanged order. */
export function imagesOfGroups(
  images: readonly LabelledImage[],
  groups: readonly Group[],
): LabelledImage[] {
  return images.filter((image) => groups.includes(image.group));
}

/** The wanted number of pictures, or all if there are fewer: one of each category in turn. */
export function inTurns(images: readonly LabelledImage[], wanted: number): LabelledImage[] {
  const byCategory = [...Map.groupBy(images, ({ category }) => category).values()];
  const turns = Array.from(
    { length: wanted },
    (_, turn) => byCategory.flatMap((pictures) => pictures.slice(turn, turn + 1)),
  );
  return turns.flat().slice(0, wanted);
}

/** Numbers of pictures by category, in order of first appearance. */
export function countByCategory(images: readonly LabelledImage[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { category } of images) counts.set(category, (counts.get(category) ?? 0) + 1);
  return counts;
}
