/** A program for tests that limit its disk: `write_files.ts BYTES FILE ...` says how each went. */
import { writeWholeFile } from "../../src/files/whole_file.ts";

for (let argument = 0; argument < Deno.args.length; argument += 2) {
  const [bytes, path] = Deno.args.slice(argument) as [string, string];
  try {
    await writeWholeFile(path, new Uint8Array(Number(bytes)));
    console.log("written");
  } catch (error) {
    console.log((error as Error).message);
  }
}
