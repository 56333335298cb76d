/**
 * Categories and their groups: which pictures are classified, which are trained as "none of
 * these", and which the network never sees. Pure data and arithmetic.
 *
 * @module
 */

/**
 * What a category is for. `known` categories are classified; `unknown` ones are trained but all
 * carry the one label `na`; `unseen` ones are never trained and must come out as `na`.
 */
export type Group = "known" | "unknown" | "unseen";

/** The three groups, in the order every table and figure shows them. */
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

/** Whether a name can be that of one folder in a data set: not a path, and not hidden. */
export function isFolderName(name: string): boolean {
  return /^[^./\0][^/\0]*$/.test(name);
}

/**
 * What a category is called: its readable name if it has one, else its folder's.
 *
 * @param names readable names by category; a category may be called like a member of all objects
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

/** The pictures of a data set that experiments train on and are tested with. */
export interface DatasetSplits {
  /** To train on: known and unknown pictures, in sorted order of their paths. */
  readonly train: readonly LabelledImage[];
  /** To test with: pictures of all three groups, in sorted order of their paths. */
  readonly test: readonly LabelledImage[];
}
