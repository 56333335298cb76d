/** A program for tests that kill it: takes the lock on a folder, says so, and never ends. */
import { lockFolder } from "../../src/files/folder_lock.ts";

lockFolder(Deno.args[0]!);
console.log("locked");
setInterval(() => {}, 1_000_000);
