import { join } from "@std/path";
import { isFile } from "../files/path_kind.ts";
import { MODEL_FILE } from "../model/saved_model.ts";

/** The trained network's folder inside a run's folder. */
export const MODEL_FOLDER = "model";

/**
 * The folder with a network's files: the given folder, or the network's folder inside a run's
 * folder.
 *
 * @throws {Error} if there is no network in either; says how to get one
 */
export function modelFolder(folder: string): string {
  for (const candidate of [folder, join(folder, MODEL_FOLDER)]) {
    if (isFile(join(candidate, MODEL_FILE))) return candidate;
  }
  throw new Error(
    `${folder}: no trained network there (neither ${MODEL_FILE} nor ` +
      `${MODEL_FOLDER}/${MODEL_FILE}); give the folder of a run that was trained on this machine, ` +
      "such as results/imagenette-quick/bcena/seed-1, or train it with `deno task reproduce`",
  );
}
