import assert from "node:assert/strict";
import { trainingDraws } from "../../src/data/augment.ts";
import { shuffledOrder } from "../../src/data/batches.ts";

const MANY = 4000;
const draws = Array.from({ length: MANY }, (_, position) => trainingDraws(1, 0, position));

function frequency(happens: (draw: typeof draws[number]) => boolean): number {
  return draws.filter(happens).length / MANY;
}

Deno.test("trainingDraws() depends on seed, epoch and position, and on nothing else", () => {
  assert.deepEqual(trainingDraws(7, 2, 5), trainingDraws(7, 2, 5));
  assert.notDeepEqual(trainingDraws(7, 2, 5), trainingDraws(8, 2, 5));
  assert.notDeepEqual(trainingDraws(7, 2, 5), trainingDraws(7, 3, 5));
  assert.notDeepEqual(trainingDraws(7, 2, 5), trainingDraws(7, 2, 6));
  assert.notDeepEqual(trainingDraws(7, 2, 5), trainingDraws(7, 5, 2));
});

Deno.test("trainingDraws() stays in the article's ranges", () => {
  for (const draw of draws) {
    assert.ok(draw.fractionBefore >= 0 && draw.fractionBefore < 1);
    assert.ok(Math.abs(draw.degrees) <= 10);
    assert.ok(draw.zoom >= 1 && draw.zoom <= 1.1);
    assert.ok(draw.zoomCentre.every((centre) => centre >= 0 && centre < 1));
    assert.ok(draw.warp.every((tilt) => Math.abs(tilt) <= 0.2));
    assert.ok(draw.brightness >= 0.4 && draw.brightness <= 0.6);
    assert.ok(draw.contrast >= 0.8 && draw.contrast <= 1.25);
  }
});

Deno.test("trainingDraws() draws each change with the article's probability", () => {
  // Five standard deviations of a frequency over 4000 draws.
  const near = (actual: number, expected: number) => Math.abs(actual - expected) < 0.04;
  assert.ok(near(frequency(({ flip }) => flip), 0.5));
  assert.ok(near(frequency(({ degrees }) => degrees !== 0), 0.75));
  assert.ok(near(frequency(({ zoom }) => zoom !== 1), 0.75));
  assert.ok(near(frequency(({ warp }) => warp[0] !== 0), 0.75));
  assert.ok(near(frequency(({ warp }) => warp[1] !== 0), 0.75));
  assert.ok(near(frequency(({ brightness }) => brightness !== 0.5), 0.75));
  assert.ok(near(frequency(({ contrast }) => contrast !== 1), 0.75));
  assert.ok(near(frequency(({ warp }) => warp[0] !== 0 && warp[1] !== 0), 0.75 ** 2));
});

Deno.test("trainingDraws() draws contrast as often below 1 as above", () => {
  const below = frequency(({ contrast }) => contrast < 1);
  const above = frequency(({ contrast }) => contrast > 1);
  assert.ok(Math.abs(below - above) < 0.07, `${below} and ${above}`);
});

Deno.test("shuffledOrder() visits every picture once", () => {
  const order = shuffledOrder(1000, 3, 0);
  assert.deepEqual([...order].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, i) => i));
});

Deno.test("shuffledOrder() is the same for the same seed and epoch only", () => {
  assert.deepEqual(shuffledOrder(100, 3, 1), shuffledOrder(100, 3, 1));
  assert.notDeepEqual(shuffledOrder(100, 3, 1), shuffledOrder(100, 3, 2));
  assert.notDeepEqual(shuffledOrder(100, 3, 1), shuffledOrder(100, 4, 1));
});

Deno.test("shuffledOrder() gives every permutation of three the same chance", () => {
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < 3000; epoch++) {
    const order = shuffledOrder(3, 1, epoch).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const [order, count] of counts) assert.ok(Math.abs(count - 500) < 110, `${order}: ${count}`);
});

Deno.test("shuffledOrder() of no pictures and of one is trivial", () => {
  assert.deepEqual([...shuffledOrder(0, 1, 0)], []);
  assert.deepEqual([...shuffledOrder(1, 1, 0)], [0]);
});
