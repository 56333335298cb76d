/**
 * Where tests find Imagenette, if this machine has it.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { imagenetteFolder } from "../src/data/imagenette_location.ts";

/** The data set's folder, or undefined. */
export const imagenette: string | undefined = find();

/** For the names of tests that need it. */
export const imagenetteNote = imagenette === undefined
  ? " (ignored: no Imagenette; set IMAGENETTE_DIR)"
  : "";

function find(): string | undefined {
  const beside = fromFileUrl(new URL("../../shared/imagenette2-160", import.meta.url));
  try {
    return imagenetteFolder() ?? imagenetteFolder(beside);
  } catch {
    // What is named or lies there is not Imagenette.
    return undefined;
  }
}
