/** A program for tests that kill it: begins a file, says so, and never ends it. */
import { AtomicFile } from "../../src/files/whole_file.ts";

const file = await AtomicFile.create(Deno.args[0]!);
await file.write(Uint8Array.of(1));
console.log("begun");
setInterval(() => {}, 1_000_000);
