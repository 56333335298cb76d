/**
 * The built-in data sets. To add one, write a file with its {@linkcode CatalogueEntry} and add a
 * line here.
 *
 * @module
 */
import type { ArchivedDataset, CatalogueEntry, EmbeddedDataset } from "./catalogue_entry.ts";
import { GESTURES } from "./gestures/recipe.ts";
import { IMAGENETTE } from "./imagenette.ts";
import { IMAGEWOOF } from "./imagewoof.ts";

/** All data sets with a name; any other is a folder. */
export const CATALOGUE: readonly CatalogueEntry[] = [IMAGENETTE, IMAGEWOOF, GESTURES];

/** The data set used by default: the article's. */
export const DEFAULT_DATASET: ArchivedDataset = IMAGENETTE;

/** Replaces {@linkcode DEFAULT_DATASET} where that is not available. */
export const SUBSTITUTE_DATASET: EmbeddedDataset = GESTURES;

/** The data set of this name, if there is one. */
export function catalogueEntry(name: string): CatalogueEntry | undefined {
  return CATALOGUE.find((entry) => entry.name === name);
}
