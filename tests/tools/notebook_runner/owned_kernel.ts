/** Starts a kernel, runs the code of the first argument in it and waits; to be killed by a test. */
import { Kernel } from "../../../src/tools/notebook_runner/kernel.ts";

await using kernel = await Kernel.start({ folder: "." });
await kernel.execute(Deno.args[0]!);
