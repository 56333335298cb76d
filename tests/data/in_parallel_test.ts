import assert from "node:assert/strict";
import { inParallel } from "../../src/data/in_parallel.ts";

const ITEMS = [6, 2, 5, 1, 4, 3];

/** Counts how much work is under way. */
function counter() {
  const counts = { begun: 0, underWay: 0, most: 0 };
  const work = async (turns: number) => {
    counts.begun++;
    counts.most = Math.max(counts.most, ++counts.underWay);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve));
    counts.underWay--;
    return turns * 10;
  };
  return { counts, work };
}

Deno.test("inParallel() yields results in the order of the items, whatever ends first", async () => {
  for (const atOnce of [1, 2, 3, 100]) {
    const { counts, work } = counter();
    const results = await Array.fromAsync(inParallel(ITEMS, work, atOnce));
    assert.deepEqual(results, [60, 20, 50, 10, 40, 30]);
    assert.equal(counts.most, Math.min(atOnce, ITEMS.length));
  }
  assert.deepEqual(await Array.fromAsync(inParallel([], counter().work)), []);
});

Deno.test("inParallel() ends with the first failure in order, when all that was begun has ended", async () => {
  const { counts, work } = counter();
  const results: number[] = [];
  const failing = async (item: number) => {
    const result = await work(item);
    if (item === 5 || item === 1) throw new Error(`no ${item}`);
    return result;
  };
  await assert.rejects(async () => {
    for await (const result of inParallel(ITEMS, failing, 3)) results.push(result);
  }, /^Error: no 5$/);
  assert.deepEqual(results, [60, 20]);
  assert.equal(counts.underWay, 0);
});

Deno.test("a loop over inParallel() that is left begins nothing more, and waits for what was begun", async () => {
  const { counts, work } = counter();
  for await (const _ of inParallel(ITEMS, work, 2)) break;
  assert.deepEqual(counts, { begun: 2, underWay: 0, most: 2 });
});
