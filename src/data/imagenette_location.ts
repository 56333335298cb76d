/**
 * Where Imagenette lies on this machine.
 *
 * @module
 */
import { isFolder } from "../files/path_kind.ts";
import { DATA_FOLDER } from "./data_folder.ts";
import { IMAGENETTE_FOLDER } from "./imagenette.ts";

/** The environment variable that names Imagenette's folder. */
export const IMAGENETTE_VARIABLE = "IMAGENETTE_DIR";

/** Where Imagenette lies if nothing else is said: `data/imagenette2-160` in this project. */
export const IMAGENETTE_PLACE = `${DATA_FOLDER}/${IMAGENETTE_FOLDER}`;

const NAME_ANOTHER = "name the folder that holds train and val, or none to use the one in data/";

/**
 * The folder of the data set: the one asked for, else what `IMAGENETTE_DIR` says, else the usual
 * place; undefined if no folder was named and none is in the usual place.
 *
 * @param asked by name, as with `--data DIR`
 * @param usual used if none is named
 * @throws {Error} if the folder has no `train` and `val` folders. A place that was named is never
 * passed over for the next.
 */
export function imagenetteFolder(asked?: string, usual = IMAGENETTE_PLACE): string | undefined {
  if (asked !== undefined) return checked(asked, `--data ${asked}`, NAME_ANOTHER);
  const named = Deno.env.get(IMAGENETTE_VARIABLE);
  if (named) return checked(named, `${IMAGENETTE_VARIABLE}=${named}`, NAME_ANOTHER);
  return isFolder(usual) ? checked(usual, usual, "run `deno task fetch --repair`") : undefined;
}

function checked(folder: string, named: string, wayOut: string): string {
  for (const split of ["train", "val"]) {
    if (!isFolder(`${folder}/${split}`)) {
      throw new Error(
        `${named}: no Imagenette there (${folder}/${split} is not a folder); ${wayOut}`,
      );
    }
  }
  return folder;
}
