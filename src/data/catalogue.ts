/**
 * The built-in data sets. Another one is a file with its {@linkcode CatalogueEntry} and a line here.
 *
 * @module
 */
import type { ArchivedDataset, CatalogueEntry, EmbeddedDataset } from "./catalogue_entry.ts";
import { GESTURES } from "./gestures/recipe.ts";
import { IMAGENETTE } from "./imagenette.ts";
import { IMAGEWOOF } from "./imagewoof.ts";

/** All data sets that have a name; any other is a folder. */
export const CATALOGUE: readonly CatalogueEntry[] = [IMAGENETTE, IMAGEWOOF, GESTURES];

/** The data set that is used if none is named: the article's. */
export const DEFAULT_DATASET: ArchivedDataset = IMAGENETTE;

/** Takes the place of {@linkcode DEFAULT_DATASET} where that is not available. */
export const SUBSTITUTE_DATASET: EmbeddedDataset = GESTURES;

/** The data set of this name, if there is one. */
export function catalogueEntry(name: string): CatalogueEntry | undefined {
  return CATALOGUE.find((entry) => entry.name === name);
}
