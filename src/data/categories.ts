/**
 * Categories and their groups: which pictures are classified, which are trained as "none of these",
 * and which the network never sees in training. Pure data and arithmetic.
 *
 * @module
 */

/**
 * The role of a category. `known` categories are classified; `unknown` ones are trained, all with
 * the one label `na`; `unseen` ones are never trained and should be classified as `na`.
 */
export type Group = "known" | "unknown" | "unseen";

/** The three groups, in the order of every table and figure. */
export const GROUPS: readonly Group[] = ["known", "unknown", "unseen"];

/** The categories (folder names) of each group. */
export type CategoryGroups = Readonly<Record<Group, readonly string[]>>;

/** A value for each group. */
export function byGroup<T>(value: (group: Group) => T): Record<Group, T> {
  return { known: value("known"), unknown: value("unknown"), unseen: value("unseen") };
}

/** All categories, in the order of the groups. */
export function categoriesOf(groups: CategoryGroups): string[] {
  return GROUPS.flatMap((group) => groups[group]);
}

/** Whether a name can be a folder's name in a data set: not a path, and not hidden. */
export function isFolderName(name: string): boolean {
  return /^[^./\0][^/\0]*$/.test(name);
}

/**
 * The displayed name of a category: its readable name if it has one, else its folder's name.
 *
 * @param names readable names by category; a category may have the name of an object's built-in
 * member
 */
export function readableName(
  names: Readonly<Record<string, string>> | undefined,
  category: string,
): string {
  return names !== undefined && Object.hasOwn(names, category) ? names[category]! : category;
}

/** One picture of a data set. */
export interface LabelledImage {
  /** Path relative to the data set's folder, with `/` between folders. */
  readonly path: string;
  /** Name of the category's folder. */
  readonly category: string;
  readonly group: Group;
}

/** The training and test pictures of a data set. */
export interface DatasetSplits {
  /** Training pictures: known and unknown, sorted by path. */
  readonly train: readonly LabelledImage[];
  /** Test pictures: all three groups, sorted by path. */
  readonly test: readonly LabelledImage[];
}
