import { copyPair, FLOAT, storePart } from "./layout";

/** The most axes of a block. */
const AXES: i32 = 6;

/**
 * A block of six axes from one tensor to another. Sizes and strides, in values, are listed by axis;
 * a source stride of 0 repeats a value.
 */
@unmanaged
class CopyArgs {
  source: usize;
  target: usize;
  /** Total number of rows, over all axes but the last. */
  rows: i32;
  rowsPerTask: i32;
  size0: i32;
  size1: i32;
  size2: i32;
  size3: i32;
  size4: i32;
  size5: i32;
  source0: i32;
  source1: i32;
  source2: i32;
  source3: i32;
  source4: i32;
  source5: i32;
  target0: i32;
  target1: i32;
  target2: i32;
  target3: i32;
  target4: i32;
  target5: i32;
}

/** Copies rows of a block. */
export function copyBlock(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<CopyArgs>(argsAddress);
  const sizes = argsAddress + offsetof<CopyArgs>("size0");
  const last = min(args.rows, (task + 1) * args.rowsPerTask);
  for (let row = task * args.rowsPerTask; row < last; row++) {
    let source = 0;
    let target = 0;
    let rest = row;
    for (let axis = AXES - 2; axis >= 0 && rest > 0; axis--) {
      const at = sizes + <usize>axis * 4;
      const size = load<i32>(at);
      const index = rest % size;
      rest /= size;
      source += index * load<i32>(at, 24);
      target += index * load<i32>(at, 48);
    }
    copyRow(
      args.source + <usize>source * FLOAT,
      args.source5,
      args.target + <usize>target * FLOAT,
      args.target5,
      args.size5,
    );
  }
}

/** Copies `count` values, `sourceStep` and `targetStep` apart. */
function copyRow(
  source: usize,
  sourceStep: i32,
  target: usize,
  targetStep: i32,
  count: i32,
): void {
  if (targetStep == 1 && sourceStep == 1) {
    copyValues(source, target, count);
    return;
  }
  for (let i = 0; i < count; i++) {
    store<f32>(target, load<f32>(source));
    source += <usize>sourceStep * FLOAT;
    target += <usize>targetStep * FLOAT;
  }
}

// @ts-ignore: decorator
@inline
function copyValues(source: usize, target: usize, count: i32): void {
  for (; count >= 8; count -= 8) {
    copyPair(source, target);
    source += 32;
    target += 32;
  }
  for (; count > 0; count -= 4) {
    storePart(target, v128.load(source), count);
    source += 16;
    target += 16;
  }
}

@unmanaged
class GatherArgs {
  /** [outer, axis, inner] */
  source: usize;
  /** int32, [count], each from 0 to axis - 1 */
  indices: usize;
  /** [outer, count, inner] */
  target: usize;
  /** outer * count */
  rows: i32;
  rowsPerTask: i32;
  axis: i32;
  count: i32;
  inner: i32;
}

/** Copies the rows with these indices. */
export function gather(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<GatherArgs>(argsAddress);
  const last = min(args.rows, (task + 1) * args.rowsPerTask);
  for (let row = task * args.rowsPerTask; row < last; row++) {
    const index = load<i32>(args.indices + <usize>(row % args.count) * 4);
    const from = row / args.count * args.axis + index;
    copyValues(
      args.source + <usize>(from * args.inner) * FLOAT,
      args.target + <usize>(row * args.inner) * FLOAT,
      args.inner,
    );
  }
}
