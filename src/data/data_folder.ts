/**
 * The project's folder for data that is not committed.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

/** Absolute path of `data/` in this project. */
export const DATA_FOLDER: string = fromFileUrl(new URL("../../data", import.meta.url));
