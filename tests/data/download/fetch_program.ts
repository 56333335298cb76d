/**
 * A program for tests of several processes: downloads into the folder that is its first argument
 * from the source that is its second, as JSON.
 */
import { fetchDataset } from "../../../src/data/download/fetch_dataset.ts";
import { tinyDataset } from "./tiny_archive.ts";

const [folder, archive] = Deno.args;
try {
  await fetchDataset(tinyDataset(JSON.parse(archive!)), { folder: folder!, log: console.log });
  console.log("complete");
} catch (error) {
  console.log(`${(error as Error).name}: ${(error as Error).message}`);
}
