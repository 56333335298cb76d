/**
 * A program for tests: limits its files to 64 KiB, and tries `limited_file.ts FILE`, first by its
 * length and then by writing it.
 */
import { AtomicFile, writeWholeFile } from "../../src/files/whole_file.ts";
import { untilInterrupted } from "../../src/interruption.ts";

const LIMIT = 65536;
const [path] = Deno.args as [string];
await untilInterrupted(async () => {
  const args = [`--fsize=${LIMIT}`, `--pid=${Deno.pid}`];
  await new Deno.Command("prlimit", { args }).output();
  const attempts = [
    async () => {
      const file = await AtomicFile.create(path);
      await file.tryLength(LIMIT + 1).finally(() => file.discard());
    },
    () => writeWholeFile(path, new Uint8Array(LIMIT + 1)),
    () => writeWholeFile(path, new Uint8Array(LIMIT)),
  ];
  for (const attempt of attempts) {
    console.log(await attempt().then(() => "written", ({ message }) => message));
  }
});
