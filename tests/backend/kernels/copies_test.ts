import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { assertAgreement, withGradients } from "../agreement.ts";
import { normal, onSimd } from "../on_backends.ts";

const exact = (...native: string[]) => ({ tolerance: 0, native });

Deno.test("slices and their gradients are as on the cpu backend", async () => {
  const compute = () => [
    ...withGradients((x) => tf.slice(x, [2, 1], [3, 4]), [normal([7, 6], 1)]),
    ...withGradients((x) => tf.slice(x, [1], [3]), [normal([7, 6, 2], 1)]),
    tf.slice(tf.relu(normal([7, 6, 2], 1)), [1], [3]),
    tf.slice(tf.relu(normal([7, 6], 1)), [1, 3], [3, 2]),
    ...withGradients((x) => tf.slice(x, [0, 1, 2, 0], [2, 2, -1, 3]), [normal([2, 4, 5, 3], 1)]),
    tf.slice(normal([40000], 1), [3], [39000]),
    tf.slice(normal([3, 4], 1), [0, 0], [0, 2]),
    tf.slice(tf.tensor1d([1, 2, 3], "int32"), [1], [2]),
  ];
  await assertAgreement("slice", compute, exact("PadV2"));
});

Deno.test("padding and its gradients are as on the cpu backend", async () => {
  const compute = () => [
    ...withGradients((x) => tf.pad(x, [[1, 2], [0, 3]], 7), [normal([3, 5], 1)]),
    ...withGradients((x) => tf.pad(x, [[0, 0], [1, 1], [2, 0], [0, 0]]), [normal([2, 3, 4, 5], 1)]),
    tf.pad(normal([1, 1, 1], 1), [[0, 0], [0, 0], [3, 3]], -1),
  ];
  await assertAgreement("pad", compute, exact("PadV2", "Slice"));
});

Deno.test("concatenations and their gradients are as on the cpu backend", async () => {
  const compute = () => [
    ...withGradients((a, b, c) => tf.concat([a!, b!, c!], 1), [
      normal([3, 2, 5], 1),
      normal([3, 1, 5], 2),
      normal([3, 7, 5], 3),
    ]),
    ...withGradients((a, b) => tf.concat([a!, b!], -1), [normal([4, 3], 1), normal([4, 9], 2)]),
    ...withGradients((a, b) => tf.concat([a!, b!], 0), [normal([4], 1), normal([9], 2)]),
  ];
  await assertAgreement("concat", compute, exact("Concat", "SplitV"));
});

Deno.test("splits, stacks and their gradients are as on the cpu backend", async () => {
  const compute = () => [
    ...tf.split(normal([6, 4], 1), 3),
    ...tf.split(normal([3, 7, 2], 1), [1, 4, 2], 1),
    ...withGradients((x) => tf.split(x!, [2, 3], -1)[1]!, [normal([4, 5], 1)]),
    ...withGradients((a, b) => tf.stack([a!, b!], 1), [normal([4, 5], 1), normal([4, 5], 2)]),
    tf.stack([normal([4, 5], 1), normal([4, 5], 2)], -1),
    ...tf.unstack(normal([3, 4, 2], 1), 1),
    ...withGradients((x) => tf.unstack(x!, -1)[1]!, [normal([4, 3], 1)]),
  ];
  await assertAgreement("split", compute, exact("SplitV", "Pack", "Unpack"));
});

Deno.test("transpositions and their gradients are as on the cpu backend", async () => {
  const compute = () => [
    ...withGradients((x) => tf.transpose(x), [normal([5, 7], 1)]),
    ...withGradients((x) => tf.transpose(x, [0, 3, 1, 2]), [normal([2, 3, 4, 5], 1)]),
    ...withGradients((x) => tf.transpose(x, [2, 0, 1]), [normal([3, 1, 9], 1)]),
    tf.transpose(normal([2, 3, 4, 2, 3, 2], 1), [5, 3, 1, 0, 2, 4]),
    tf.transpose(normal([130, 170], 1)),
  ];
  await assertAgreement("transpose", compute, exact("Transpose"));
});

Deno.test("tiles are as on the cpu backend", async () => {
  const compute = () => [
    ...withGradients((x) => tf.tile(x, [2, 3]), [normal([3, 5], 1)]),
    tf.tile(normal([1, 4, 1, 3], 1), [2, 1, 5, 2]),
    tf.tile(normal([3], 1), [1]),
    tf.broadcastTo(normal([3, 1], 1), [2, 3, 4]),
  ];
  await assertAgreement("tile", compute, { tolerance: 1e-6, native: ["Tile"] });
});

Deno.test("rows of indices are as on the cpu backend, and bad indices are errors", async () => {
  const compute = () => [
    tf.gather(normal([9, 4, 3], 1), tf.tensor1d([8, 0, 3, 3], "int32")),
    tf.gather(normal([3, 9, 2], 1), tf.tensor2d([[8, 0], [3, 3]], [2, 2], "int32"), 1),
    tf.gather(normal([3, 9], 1), tf.scalar(4, "int32"), -1),
    tf.gather(normal([500, 100], 1), tf.range(0, 500, 3, "int32")),
    // The same in kernel memory.
    tf.gather(tf.relu(normal([9, 4, 3], 1)), tf.tensor1d([8, 0, 3, 3], "int32")),
    tf.gather(tf.relu(normal([3, 9, 2], 1)), tf.tensor1d([8, 0, 3], "int32"), 1),
    tf.gather(tf.relu(normal([500, 100], 1)), tf.range(0, 500, 3, "int32")),
  ];
  await assertAgreement("gather", compute, exact("GatherV2"));
  await onSimd(() =>
    tf.tidy(() => {
      assert.throws(() => tf.gather(tf.ones([3]), tf.tensor1d([3], "int32")), /index value 3/);
      assert.throws(() => tf.gather(tf.ones([3]), tf.tensor1d([-1], "int32")), /index value -1/);
    })
  );
});

Deno.test("the gradient of rows of indices, and sums by ids, are as on the cpu backend", async () => {
  const ids = [3, 0, 3, 7, -1, 3, 2, 9];
  const compute = () => [
    tf.unsortedSegmentSum(normal([8, 5], 1), tf.tensor1d(ids, "int32"), 8),
    tf.unsortedSegmentSum(normal([8], 1), tf.tensor1d(ids, "int32"), 2),
    tf.grad((x) => tf.gather(x, tf.tensor1d([1, 1, 5, 0], "int32")))(normal([6, 3], 1)),
    tf.grad((x) => tf.gather(x, tf.tensor2d([[1, 1], [2, 0]], [2, 2], "int32"), 1))(
      normal([2, 3, 4], 1),
    ),
  ];
  await assertAgreement("sums by ids", compute, { native: ["UnsortedSegmentSum"] });
  const withInfinite = () => [
    tf.unsortedSegmentSum(tf.tensor1d([1, Infinity]), tf.tensor1d([0, 1], "int32"), 2),
  ];
  await assertAgreement("infinite", withInfinite, { native: [] });
});

Deno.test("a data set stays out of kernel memory when batches are taken from it", async () => {
  await onSimd((backend) => {
    const before = backend.pool.memory.bytesInUse;
    const data = normal([1000, 100], 1);
    tf.tidy(() => {
      const batch = tf.gather(data, tf.tensor1d([5, 999], "int32"));
      const part = tf.slice(data, [100, 0], [800, 100]);
      tf.relu(batch);
      tf.gather(part, tf.tensor1d([3], "int32"));
      assert.ok(backend.pool.memory.bytesInUse - before < 4000);
    });
    data.dispose();
  });
});

Deno.test("fills, masks and types are as on the cpu backend", async () => {
  const compute = () => {
    const x = normal([3, 50], 1);
    const mask = tf.greater(x, 0);
    return [
      tf.fill([3, 5], 2.5),
      tf.fill([3], 2, "int32"),
      tf.zerosLike(x),
      tf.onesLike(x),
      tf.cast(mask, "float32"),
      tf.cast(tf.tensor1d([1, -2], "int32"), "float32"),
      tf.cast(x, "int32"),
      tf.cast(x, "bool"),
      tf.logicalAnd(mask, tf.less(x, 1)),
      ...withGradients((a, b) => tf.where(mask, a!, b!), [x, normal([3, 50], 2)]),
    ];
  };
  await assertAgreement("masks", compute, {
    tolerance: 0,
    native: ["LogicalAnd", "ZerosLike", "OnesLike"],
  });
});

Deno.test("an int32 tensor stays one when its float32 copy has been computed with", async () => {
  await onSimd(() =>
    tf.tidy(() => {
      const whole = tf.tensor1d([1, 2, 3], "int32");
      const mask = tf.tensor1d([1, 0, 1], "bool");
      assert.deepEqual([...tf.relu(whole.toFloat()).dataSync()], [1, 2, 3]);
      assert.deepEqual([...tf.relu(mask.toFloat()).dataSync()], [1, 0, 1]);
      assert.ok(whole.dataSync() instanceof Int32Array);
      assert.ok((mask.dataSync() as unknown) instanceof Uint8Array);
    })
  );
});

Deno.test("a part of a tensor keeps its values when the tensor is disposed", async () => {
  await onSimd(() => {
    const whole = tf.relu(tf.tensor1d([1, 2, 3, 4]));
    const parts = [
      tf.slice(whole, [1], [2]),
      tf.stridedSlice(whole, [1], [3], [1]),
      ...tf.split(whole, 2),
      ...tf.unstack(whole),
    ];
    const before = parts.map((part) => [...part.dataSync()]);
    whole.dispose();
    const other = tf.relu(tf.fill([4], 9));
    assert.deepEqual(parts.map((part) => [...part.dataSync()]), before);
    tf.dispose([other, ...parts]);
  });
});
