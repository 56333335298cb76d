/** A program for tests: makes a temporary folder, says where, and ends only if it is told "end". */
import { makeTemporaryFolder } from "../../src/files/temporary_folder.ts";

console.log(await makeTemporaryFolder("made-by-a-test-"));
if (Deno.args[0] !== "end") setInterval(() => {}, 1_000_000);
