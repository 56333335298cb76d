import assert from "node:assert/strict";
import { auroc, fprAt95Tpr, oscrCurve } from "../../src/evaluation/open_set.ts";
import {
  rankPictures,
  resampledFigures,
  resampleWithinGroups,
  type ScoredPicture,
} from "../../src/evaluation/resampling.ts";
import { randomStream } from "../../src/random.ts";

/** Known pictures in places 0 to 39, others in 40 to 69, with many scores that are the same. */
function somePictures(): ScoredPicture[] {
  const random = randomStream("pictures");
  return Array.from({ length: 70 }, (_, place) => {
    const known = place < 40;
    const score = Math.round(20 * (0.6 * random() + (known ? 0.3 : 0))) / 20;
    return { place, score, known, right: known && random() < 0.8 };
  });
}

/** The figures of `open_set.ts` with every picture written down as often as it was drawn. */
function repeated(pictures: readonly ScoredPicture[], counts: Uint16Array) {
  const drawn = pictures.flatMap((picture) =>
    Array.from({ length: counts[picture.place]! }, () => picture)
  );
  const known = drawn.filter((picture) => picture.known);
  const scores = known.map(({ score }) => score);
  const others = drawn.filter((picture) => !picture.known).map(({ score }) => score);
  return {
    auroc: auroc(scores, others),
    fprAt95Tpr: fprAt95Tpr(scores, others),
    oscrArea: oscrCurve(scores, known.map(({ right }) => right), others).area,
  };
}

Deno.test("figures on a resample are those of the repeated pictures", () => {
  const pictures = somePictures();
  const ranked = rankPictures(pictures);
  for (const counts of resampleWithinGroups([40, 30], 50, randomStream("resamples"))) {
    assert.deepEqual(resampledFigures(ranked, counts), repeated(pictures, counts));
  }
});

Deno.test("with every picture once, they are the figures of the test set", () => {
  const pictures = somePictures();
  const once = new Uint16Array(70).fill(1);
  assert.deepEqual(resampledFigures(rankPictures(pictures), once), repeated(pictures, once));
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

Deno.test("a score that is not finite, and a side without pictures, are errors", () => {
  const picture = { place: 4, score: NaN, known: true, right: true };
  assert.throws(() => rankPictures([picture]), /score of picture 4 is NaN/);
  const ranked = rankPictures([{ ...picture, place: 0, score: 0.5 }]);
  assert.throws(() => resampledFigures(ranked, new Uint16Array([1])), /1 known and 0 other/);
});
