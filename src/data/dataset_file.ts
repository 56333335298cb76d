/**
 * `dataset.json`: what a folder of pictures says of itself.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { readCheckedJson } from "../files/checked_json.ts";

/** The file's name inside a data set's folder. */
export const DATASET_FILE = "dataset.json";

const categories = z.array(z.string()).optional();

const datasetFileSchema = z.strictObject({
  /** Names the results folder; by default the folder's own name. */
  name: z.string().optional(),
  /** The folder names of each group. */
  known: categories,
  unknown: categories,
  unseen: categories,
  /** Readable names of folders, for tables and figures. */
  names: z.record(z.string(), z.string().trim().min(1)).optional(),
  /** The part of each trained category to test with, if the folder has no `train` and `val`. */
  testShare: z.number().gt(0).lt(1).optional(),
});

/** What `dataset.json` may say. */
export type DatasetFile = z.infer<typeof datasetFileSchema>;

/**
 * Reads a folder's `dataset.json`; undefined if there is none.
 *
 * @throws {Error} if it cannot be read or does not fit; names the file and the fields
 */
export async function readDatasetFile(folder: string): Promise<DatasetFile | undefined> {
  const path = join(folder, DATASET_FILE);
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return await readCheckedJson(path, datasetFileSchema, "correct or delete it");
}
