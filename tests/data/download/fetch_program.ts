/**
 * A program for tests of several processes: downloads into the folder that is its first argument
 * from the source that is its second, as JSON.
 */
import { fetchImagenette } from "../../../src/data/download/fetch_imagenette.ts";

const [folder, archive] = Deno.args;
try {
  await fetchImagenette({ folder: folder!, archive: JSON.parse(archive!), log: console.log });
  console.log("complete");
} catch (error) {
  console.log(`${(error as Error).name}: ${(error as Error).message}`);
}
