/**
 * Running `training.py`.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import type { EpochMeasures } from "../../../src/training/history.ts";

/** What PyTorch makes of a recorded training. */
export interface PytorchTraining {
  /** Of PyTorch. */
  readonly torch: string;
  /** One row per epoch. */
  readonly history: readonly EpochMeasures[];
  /** The end of every value of the network: its norm and its first numbers. */
  readonly values: Readonly<Record<string, { readonly norm: number; readonly first: number[] }>>;
}

/**
 * Repeats the training that `record.ts` wrote into a folder.
 *
 * @param precision of all arithmetic
 * @throws {Error} if there is no `python3` with PyTorch, or it fails
 */
export async function trainInPyTorch(
  folder: string,
  precision: "float32" | "float64",
): Promise<PytorchTraining> {
  const program = fromFileUrl(new URL("training.py", import.meta.url));
  const { success, stdout } = await new Deno.Command("python3", {
    args: [program, folder, precision],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${program} failed; does python3 have PyTorch?`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
