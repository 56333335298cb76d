import assert from "node:assert/strict";
import { shellWord, TASK } from "../../src/text/shell.ts";

const WORDS = [
  "plain/path-1.0_x",
  "",
  "it's",
  "''",
  'a "b" $HOME `date` $(date) \\ !x',
  "; rm -rf x & | > < * ? [a] {b,c} ~ #",
  "~",
  "=ls",
  "a,b c",
  "--option",
  "żółw 亀 👍🏽 שלום",
  "\u202eevil",
];
const CONTROLS = ["two\nlines", "\x1b[2J's \\ tab\t\r", "\x9b\x7f"];

/** What a shell makes of the words of a command. */
async function parsedBy(shell: string, words: readonly string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command(shell, {
    args: ["-c", ["printf", "'%s\\0'", ...words.map(shellWord)].join(" ")],
  }).output();
  return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
}

Deno.test("any word comes out of a shell as it was", async () => {
  assert.deepEqual(await parsedBy("sh", WORDS), WORDS);
  assert.deepEqual(await parsedBy("bash", [...WORDS, ...CONTROLS]), [...WORDS, ...CONTROLS]);
});

Deno.test("plain words need no quotes, and no word has control characters", () => {
  assert.equal(shellWord("results/imagenette-quick"), "results/imagenette-quick");
  for (const word of CONTROLS) assert.doesNotMatch(shellWord(word), /\p{Cc}/u);
});

Deno.test("tasks are started with the Deno of the kernel, which needs no installation", async () => {
  const kernel = new URL(
    "../../src/notebooks/jupyter/kernels/deno/kernel.json",
    import.meta.url,
  );
  const { argv } = JSON.parse(await Deno.readTextFile(kernel));
  assert.equal(TASK, [...argv.slice(0, 3), "task"].join(" "));
});
