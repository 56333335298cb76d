import assert from "node:assert/strict";
import type { Batch } from "../../src/data/batch.ts";
import { type BatchOptions, evaluationBatches, trainingBatches } from "../../src/data/batches.ts";
import { loadImages } from "../../src/data/load_images.ts";
import { openPixelCache } from "../../src/data/pixel_cache.ts";
import { patternedPicture, writePicture } from "./pictures.ts";
import { inTemporaryFolder } from "../temporary_folder.ts";

const COUNT = 22;
const BATCH_SIZE = 4;
const SIZE = 8;

interface Fixture {
  readonly options: BatchOptions;
  readonly root: string;
}

function withCache(test: (fixture: Fixture) => Promise<void>): Promise<void> {
  return inTemporaryFolder(async (root) => {
    const images = Array.from({ length: COUNT }, (_, n) => ({ path: `${10 + n}.png` }));
    for (const [n, { path }] of images.entries()) {
      await writePicture(`${root}/${path}`, patternedPicture(12 + n % 3, 13, n));
    }
    const cache = await openPixelCache({ root, images, size: SIZE, cacheFolder: `${root}/cache` });
    try {
      const labels = images.map((_, n) => n - 1);
      await test({ root, options: { cache, images, labels, batchSize: BATCH_SIZE } });
    } finally {
      cache.close();
    }
  });
}

function labelsOf(batches: readonly Batch[]): number[] {
  return batches.flatMap(({ labels }) => [...labels]);
}

Deno.test("an epoch has complete batches only, and no picture twice", () =>
  withCache(async ({ options }) => {
    using training = trainingBatches({ ...options, seed: 1 });
    assert.equal(training.batchesPerEpoch, 5);
    const batches = await Array.fromAsync(training.epoch(0));
    assert.equal(batches.length, 5);
    for (const { images, labels, count, size } of batches) {
      assert.deepEqual([count, size, labels.length], [BATCH_SIZE, SIZE, BATCH_SIZE]);
      assert.equal(images.length, BATCH_SIZE * SIZE * SIZE * 3);
      assert.ok(images.every(Number.isFinite));
    }
    assert.equal(new Set(labelsOf(batches)).size, 5 * BATCH_SIZE);
  }));

Deno.test("fewer pictures than a batch takes make one batch of all of them", () =>
  withCache(async ({ options }) => {
    using training = trainingBatches({ ...options, batchSize: COUNT + 1, seed: 1 });
    assert.deepEqual([training.batchSize, training.batchesPerEpoch], [COUNT, 1]);
    const [batch, ...others] = await Array.fromAsync(training.epoch(0));
    assert.deepEqual(others, []);
    assert.deepEqual([...batch!.labels].sort((a, b) => a - b), options.labels);
  }));

Deno.test("an epoch of more batches than the pictures fill goes through them again, drawn anew", () =>
  withCache(async ({ options }) => {
    using once = trainingBatches({ ...options, seed: 1 });
    using often = trainingBatches({ ...options, seed: 1, minimumBatches: 12 });
    assert.equal(often.batchesPerEpoch, 12);
    const batches = await Array.fromAsync(often.epoch(0));
    assert.deepEqual(batches.slice(0, 5), await Array.fromAsync(once.epoch(0)));
    const labels = labelsOf(batches);
    assert.equal(labels.length, 12 * BATCH_SIZE);
    const passes = [labels.slice(0, COUNT), labels.slice(COUNT, 2 * COUNT)];
    for (const pass of passes) assert.equal(new Set(pass).size, COUNT);
    assert.notDeepEqual(passes[0], passes[1]);
    const first = batches[0]!.images.subarray(0, SIZE * SIZE * 3);
    const again = labels.indexOf(labels[0]!, COUNT);
    const place = again % BATCH_SIZE * SIZE * SIZE * 3;
    const second = batches[Math.floor(again / BATCH_SIZE)]!.images;
    assert.notDeepEqual(second.subarray(place, place + SIZE * SIZE * 3), first, "augmented anew");
    using resumed = trainingBatches({ ...options, seed: 1, minimumBatches: 12 });
    assert.deepEqual(await Array.fromAsync(resumed.epoch(0, 7)), batches.slice(7));
  }));

Deno.test("the same seed and epoch give the same bits, others give others", () =>
  withCache(async ({ options }) => {
    using one = trainingBatches({ ...options, seed: 1 });
    using same = trainingBatches({ ...options, seed: 1 });
    using other = trainingBatches({ ...options, seed: 2 });
    const epoch = await Array.fromAsync(one.epoch(3));
    assert.deepEqual(await Array.fromAsync(same.epoch(3)), epoch);
    assert.notDeepEqual(labelsOf(await Array.fromAsync(one.epoch(4))), labelsOf(epoch));
    assert.notDeepEqual(labelsOf(await Array.fromAsync(other.epoch(3))), labelsOf(epoch));
  }));

Deno.test("an epoch resumed at any batch goes on as if it had not been interrupted", () =>
  withCache(async ({ options }) => {
    using training = trainingBatches({ ...options, seed: 1 });
    const epoch = await Array.fromAsync(training.epoch(2));
    for (const first of [0, 3, 5]) {
      using resumed = trainingBatches({ ...options, seed: 1 });
      assert.deepEqual(await Array.fromAsync(resumed.epoch(2, first)), epoch.slice(first));
    }
  }));

Deno.test("an epoch left early leaves the batches ready for another", () =>
  withCache(async ({ options }) => {
    using training = trainingBatches({ ...options, seed: 1 });
    const whole = await Array.fromAsync(training.epoch(1));
    for (let time = 0; time < 3; time++) {
      for await (const batch of training.epoch(0)) {
        assert.equal(batch.count, BATCH_SIZE);
        break;
      }
    }
    assert.deepEqual(await Array.fromAsync(training.epoch(1)), whole);
  }));

Deno.test("starting another epoch ends the one before with an error", () =>
  withCache(async ({ options }) => {
    using training = trainingBatches({ ...options, seed: 1 });
    const first = training.epoch(0)[Symbol.asyncIterator]();
    await first.next();
    const second = training.epoch(1)[Symbol.asyncIterator]();
    await second.next();
    await assert.rejects(async () => {
      await first.next();
    }, /another iteration/);
    assert.equal((await second.next()).done, false);
  }));

Deno.test("batches keep their content after later ones were made", () =>
  withCache(async ({ options }) => {
    using training = trainingBatches({ ...options, seed: 1 });
    let first: Batch | undefined;
    let copy: Float32Array | undefined;
    for await (const batch of training.epoch(0)) {
      first ??= batch;
      copy ??= batch.images.slice();
    }
    assert.deepEqual(first!.images, copy);
  }));

Deno.test("evaluation sees every picture in order, as loadImages() prepares it", () =>
  withCache(async ({ options, root }) => {
    using evaluation = evaluationBatches(options);
    assert.equal(evaluation.count, COUNT);
    const batches = await Array.fromAsync(evaluation.batches());
    assert.deepEqual(batches.map(({ count }) => count), [4, 4, 4, 4, 4, 2]);
    assert.deepEqual(labelsOf(batches), options.labels);
    const loaded = await loadImages(options.images.map(({ path }) => `${root}/${path}`), SIZE);
    const images = batches.flatMap((batch) => [...batch.images]);
    // Tall pictures may differ by one step of 255; the smallest deviation is 0.224.
    const step = 1 / 255 / 0.224 + 1e-6;
    assert.equal(images.length, loaded.images.length);
    images.forEach((value, i) => assert.ok(Math.abs(value - loaded.images[i]!) <= step));
  }));

Deno.test("evaluation can be repeated with the same result", () =>
  withCache(async ({ options }) => {
    using evaluation = evaluationBatches(options);
    const first = await Array.fromAsync(evaluation.batches());
    assert.deepEqual(await Array.fromAsync(evaluation.batches()), first);
  }));

Deno.test("evaluation of no pictures has no batches", () =>
  withCache(async ({ options }) => {
    using evaluation = evaluationBatches({ ...options, images: [], labels: [] });
    assert.deepEqual(await Array.fromAsync(evaluation.batches()), []);
  }));

Deno.test("a lost or damaged cache fails the iteration with its name", () =>
  withCache(async ({ options }) => {
    const { path } = options.cache;
    const bytes = Deno.readFileSync(path);
    using training = trainingBatches({ ...options, seed: 1 });
    Deno.removeSync(path);
    await assert.rejects(Array.fromAsync(training.epoch(0)), /pixels: the pixel cache cannot be/);
    Deno.writeFileSync(path, bytes.subarray(0, 50));
    await assert.rejects(Array.fromAsync(training.epoch(0)), /pixels: not a complete pixel cache/);
    Deno.writeFileSync(path, bytes);
    assert.equal((await Array.fromAsync(training.epoch(0))).length, 5);
  }));

Deno.test("a cache that another run has replaced fails the iteration", () =>
  withCache(async ({ options, root }) => {
    using training = trainingBatches({ ...options, seed: 1 });
    await writePicture(`${root}/10.png`, patternedPicture(5, 5));
    const cacheFolder = `${root}/cache`;
    const replaced = await openPixelCache({
      root,
      images: options.images,
      size: SIZE,
      cacheFolder,
    });
    replaced.close();
    await assert.rejects(Array.fromAsync(training.epoch(0)), /replaced by another run/);
  }));

Deno.test("closing ends an iteration that is under way", () =>
  withCache(async ({ options }) => {
    const training = trainingBatches({ ...options, seed: 1 });
    const iteration = training.epoch(0)[Symbol.asyncIterator]();
    await iteration.next();
    training[Symbol.dispose]();
    training[Symbol.dispose]();
    // A batch that was ready may still come.
    await assert.rejects(Array.fromAsync({ [Symbol.asyncIterator]: () => iteration }), /closed/);
    await assert.rejects(Array.fromAsync(training.epoch(0)), /closed/);
  }));

Deno.test("batches refuse labels, sizes and pictures that do not fit", () =>
  withCache(async ({ options }) => {
    const training = (change: Partial<BatchOptions>) => () =>
      trainingBatches({ ...options, seed: 1, ...change });
    assert.throws(training({ labels: [1] }), /22 pictures have 1 labels/);
    assert.throws(training({ labels: Array(COUNT).fill(NaN) }), /NaN is not a label/);
    assert.throws(training({ batchSize: 0 }), /batch size 0/);
    assert.throws(training({ images: [], labels: [] }), /there are no training pictures/);
    assert.throws(training({ images: [{ path: "x.png" }], labels: [0] }), /x\.png is not in/);
    using valid = trainingBatches({ ...options, seed: 1 });
    assert.throws(() => valid.epoch(0, 6), /batch 6 is not in an epoch of 5/);
    await Promise.resolve();
  }));
