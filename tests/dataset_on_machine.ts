/**
 * Where tests find the data sets that are too large for the project, if this machine has them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type ArchivedDataset, datasetFolder } from "../src/data/catalogue_entry.ts";

/** What a test needs to know of a data set. */
export interface DatasetOnMachine {
  /** The data set's folder, or undefined. */
  readonly folder: string | undefined;
  /** For the names of tests that need it. */
  readonly note: string;
}

/** Looks where the program does, then in `shared/` beside the project. */
export function onMachine(dataset: ArchivedDataset): DatasetOnMachine {
  const folder = find(dataset);
  const { title, variable } = dataset;
  return { folder, note: folder === undefined ? ` (ignored: no ${title}; set ${variable})` : "" };
}

function find(dataset: ArchivedDataset): string | undefined {
  const beside = fromFileUrl(new URL("../../shared", import.meta.url));
  try {
    return datasetFolder(dataset) ?? datasetFolder(dataset, undefined, beside);
  } catch {
    // What is named or lies there is not this data set.
    return undefined;
  }
}
