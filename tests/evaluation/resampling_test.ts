import assert from "node:assert/strict";
import {
  openSetMeasures,
  rankedMeasures,
  rankPictures,
  type ScoredPicture,
} from "../../src/evaluation/open_set.ts";
import { resampleWithinGroups } from "../../src/evaluation/differences.ts";
import { randomStream } from "../../src/random.ts";
import { openSetOf } from "../recomputed_figures.ts";

/** Known pictures in places 0 to 39, others in 40 to 69, with many scores that are the same. */
function somePictures(): ScoredPicture[] {
  const random = randomStream("pictures");
  return Array.from({ length: 70 }, (_, place) => {
    const known = place < 40;
    const score = Math.round(20 * (0.6 * random() + (known ? 0.3 : 0))) / 20;
    return { place, score, known, correct: known && random() < 0.8 };
  });
}

/** Measured in another way, with every picture written down as often as it was drawn. */
function repeated(pictures: readonly ScoredPicture[], counts: Uint16Array) {
  const drawn = pictures.flatMap((picture) =>
    Array.from({ length: counts[picture.place]! }, () => picture)
  );
  return openSetOf(
    drawn.filter(({ known }) => known),
    drawn.filter(({ known }) => !known).map(({ score }) => score),
  );
}

function assertClose<T extends string>(
  actual: Readonly<Record<T, number>>,
  expected: Readonly<Record<NoInfer<T>, number>>,
): void {
  for (const name of Object.keys(actual) as T[]) {
    assert.ok(Math.abs(actual[name] - expected[name]) < 1e-12, `${name} is ${actual[name]}`);
  }
}

Deno.test("measures on a resample are those of the repeated pictures", () => {
  const pictures = somePictures();
  const ranked = rankPictures(pictures);
  for (const counts of resampleWithinGroups([40, 30], 50, randomStream("resamples"))) {
    assertClose(rankedMeasures(ranked, counts), repeated(pictures, counts));
  }
});

Deno.test("with every picture once, they are the measures of the test set", () => {
  const pictures = somePictures();
  const once = new Uint16Array(70).fill(1);
  assertClose(openSetMeasures(rankPictures(pictures)), repeated(pictures, once));
  assertClose(rankedMeasures(rankPictures(pictures), once), repeated(pictures, once));
});

Deno.test("every group keeps its size, and the same stream gives the same resamples", () => {
  const draw = () => resampleWithinGroups([3, 0, 5], 20, randomStream("seed"));
  const resamples = draw();
  assert.equal(resamples.length, 20);
  for (const counts of resamples) {
    assert.equal(counts.subarray(0, 3).reduce((sum, count) => sum + count, 0), 3);
    assert.equal(counts.subarray(3).reduce((sum, count) => sum + count, 0), 5);
  }
  assert.deepEqual(draw(), resamples);
  assert.ok(new Set(resamples.map(String)).size > 1);
});
