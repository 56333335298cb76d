/**
 * The article's split of Imagenette. Pure data.
 *
 * @module
 */
import type { CategoryGroups } from "../data/categories.ts";

/** The known categories are cassette player, French horn, garbage truck and golf ball. */
export const ARTICLE_GROUPS: CategoryGroups = {
  known: ["n02979186", "n03394916", "n03417042", "n03445777"],
  unknown: ["n01440764", "n03028079", "n03888257"],
  unseen: ["n02102040", "n03000684", "n03425413"],
};
