/**
 * Where Imagenette lies on this machine.
 *
 * @module
 */
import { DATA_FOLDER } from "./data_folder.ts";
import { IMAGENETTE_FOLDER } from "./imagenette.ts";

/** The environment variable that names Imagenette's folder. */
export const IMAGENETTE_VARIABLE = "IMAGENETTE_DIR";

/**
 * The folder of the data set: the one asked for, else what `IMAGENETTE_DIR` says, else
 * `data/imagenette2-160` in this project.
 *
 * @param folder asked for by name, as with `--data DIR`
 * @throws {Error} if the folder is not there or has no `train` and `val` folders. A place that was
 * named is never passed over for the next.
 */
export function imagenetteFolder(folder?: string): string {
  if (folder !== undefined) return checked(folder, `--data ${folder}`);
  const named = Deno.env.get(IMAGENETTE_VARIABLE);
  if (named) return checked(named, `${IMAGENETTE_VARIABLE}=${named}`);
  return checked(`${DATA_FOLDER}/${IMAGENETTE_FOLDER}`, `data/${IMAGENETTE_FOLDER}`);
}

function checked(folder: string, named: string): string {
  for (const split of ["train", "val"]) {
    if (!isFolder(`${folder}/${split}`)) {
      throw new Error(
        `${named}: no Imagenette there (${folder}/${split} is not a folder); set ` +
          `${IMAGENETTE_VARIABLE} to the folder that holds train and val, or unpack ` +
          `${IMAGENETTE_FOLDER}.tgz into data/${IMAGENETTE_FOLDER}`,
      );
    }
  }
  return folder;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
