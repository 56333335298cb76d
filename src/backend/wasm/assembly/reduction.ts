import { FLOAT, loadPart, pieces } from "./layout";

/** Bytes of a float64. */
const DOUBLE: usize = 8;
/** Columns whose results stay in registers together; rows of partial results are padded to them. */
const LINE: i32 = 8;
/** Blocks or columns of one task of the second job. */
const RESULTS_PER_TASK: i32 = 1024;

/** A tensor [outer, reduced, inner] to [outer, inner], in two jobs: chunks of rows, then chunks. */
@unmanaged
class ReductionArgs {
  source: usize;
  /** float64, [outer][chunks][inner padded to whole lines, unless it is 1] */
  partials: usize;
  target: usize;
  outer: i32;
  reduced: i32;
  inner: i32;
  rowsPerChunk: i32;
  chunksPerTask: i32;
  /** The divisor of the result. */
  divisor: f32;
}

/** Bytes of a row of partial results. */
// @ts-ignore: decorator
@inline
function rowBytes(args: ReductionArgs): usize {
  if (args.inner == 1) return DOUBLE;
  return <usize>(pieces(args.inner, LINE) * LINE) * DOUBLE;
}

/** The first job: in float64, one result per chunk of rows and column. */
// @ts-ignore: decorator
@inline
function partial<Operation>(argsAddress: usize, task: i32): void {
  const args = changetype<ReductionArgs>(argsAddress);
  const chunks = pieces(args.reduced, args.rowsPerChunk);
  const last = min(args.outer * chunks, (task + 1) * args.chunksPerTask);
  let target = args.partials + <usize>(task * args.chunksPerTask) * rowBytes(args);
  for (let chunk = task * args.chunksPerTask; chunk < last; chunk++) {
    const block = chunk / chunks;
    const row = chunk % chunks * args.rowsPerChunk;
    const rows = min(args.rowsPerChunk, args.reduced - row);
    const source = args.source + <usize>((block * args.reduced + row) * args.inner) * FLOAT;
    if (args.inner == 1) store<f64>(target, alongRow<Operation>(source, rows));
    else alongColumns<Operation>(source, rows, args.inner, target);
    target += rowBytes(args);
  }
}

// @ts-ignore: decorator
@inline
function alongRow<Operation>(source: usize, count: i32): f64 {
  const operation = changetype<Operation>(0);
  const first = f64x2.splat(operation.first());
  let r0 = first, r1 = first, r2 = first, r3 = first;
  for (; count >= 8; count -= 8) {
    const low = v128.load(source);
    const high = v128.load(source, 16);
    r0 = operation.of(r0, f64x2.promote_low_f32x4(low));
    r1 = operation.of(r1, f64x2.promote_low_f32x4(v128.shuffle<i64>(low, low, 1, 1)));
    r2 = operation.of(r2, f64x2.promote_low_f32x4(high));
    r3 = operation.of(r3, f64x2.promote_low_f32x4(v128.shuffle<i64>(high, high, 1, 1)));
    source += 32;
  }
  r0 = operation.of(operation.of(r0, r1), operation.of(r2, r3));
  for (; count > 0; count--) {
    r0 = operation.of(r0, f64x2.replace_lane(first, 0, <f64>load<f32>(source)));
    source += FLOAT;
  }
  return f64x2.extract_lane(operation.of(r0, v128.shuffle<i64>(r0, r0, 1, 1)), 0);
}

// @ts-ignore: decorator
@inline
function alongColumns<Operation>(source: usize, rows: i32, inner: i32, target: usize): void {
  const operation = changetype<Operation>(0);
  const first = f64x2.splat(operation.first());
  const stride = <usize>inner * FLOAT;
  for (let column = 0; column < inner; column += LINE) {
    let r0 = first, r1 = first, r2 = first, r3 = first;
    let at = source + <usize>column * FLOAT;
    const width = inner - column;
    for (let row = 0; row < rows; row++) {
      const low = loadPart(at, width);
      const high = loadPart(at + 16, width - 4);
      r0 = operation.of(r0, f64x2.promote_low_f32x4(low));
      r1 = operation.of(r1, f64x2.promote_low_f32x4(v128.shuffle<i64>(low, low, 1, 1)));
      r2 = operation.of(r2, f64x2.promote_low_f32x4(high));
      r3 = operation.of(r3, f64x2.promote_low_f32x4(v128.shuffle<i64>(high, high, 1, 1)));
      at += stride;
    }
    v128.store(target, r0);
    v128.store(target, r1, 16);
    v128.store(target, r2, 32);
    v128.store(target, r3, 48);
    target += <usize>LINE * DOUBLE;
  }
}

/** The second job: joins the chunks. Each task computes 1024 results. */
// @ts-ignore: decorator
@inline
function combine<Operation>(argsAddress: usize, task: i32): void {
  const args = changetype<ReductionArgs>(argsAddress);
  const operation = changetype<Operation>(0);
  const chunks = pieces(args.reduced, args.rowsPerChunk);
  const last = min(args.outer * args.inner, (task + 1) * RESULTS_PER_TASK);
  const stride = rowBytes(args);
  for (let index = task * RESULTS_PER_TASK; index < last; index++) {
    let at = args.partials + <usize>(index / args.inner * chunks) * stride +
      <usize>(index % args.inner) * DOUBLE;
    let result = v128.load64_zero(at);
    for (let chunk = 1; chunk < chunks; chunk++) {
      at += stride;
      result = operation.of(result, v128.load64_zero(at));
    }
    const value = f64x2.extract_lane(result, 0) / <f64>args.divisor;
    store<f32>(args.target + <usize>index * FLOAT, <f32>value);
  }
}

@unmanaged
class Sum {
  // @ts-ignore: decorator
  @inline
  first(): f64 {
    return 0;
  }

  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f64x2.add(a, b);
  }
}

/** The sum: the first job. */
export function sumChunks(argsAddress: usize, task: i32, scratch: usize): void {
  partial<Sum>(argsAddress, task);
}

/** The sum: the second job. */
export function sumResults(argsAddress: usize, task: i32, scratch: usize): void {
  combine<Sum>(argsAddress, task);
}

@unmanaged
class Product {
  // @ts-ignore: decorator
  @inline
  first(): f64 {
    return 1;
  }

  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f64x2.mul(a, b);
  }
}

/** The product: the first job. */
export function productChunks(argsAddress: usize, task: i32, scratch: usize): void {
  partial<Product>(argsAddress, task);
}

/** The product: the second job. */
export function productResults(argsAddress: usize, task: i32, scratch: usize): void {
  combine<Product>(argsAddress, task);
}

@unmanaged
class Largest {
  // @ts-ignore: decorator
  @inline
  first(): f64 {
    return -Infinity;
  }

  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f64x2.max(a, b);
  }
}

/** The largest value, NaN if any is: the first job. */
export function maxChunks(argsAddress: usize, task: i32, scratch: usize): void {
  partial<Largest>(argsAddress, task);
}

/** The largest value, NaN if any is: the second job. */
export function maxResults(argsAddress: usize, task: i32, scratch: usize): void {
  combine<Largest>(argsAddress, task);
}

@unmanaged
class Smallest {
  // @ts-ignore: decorator
  @inline
  first(): f64 {
    return Infinity;
  }

  // @ts-ignore: decorator
  @inline
  of(a: v128, b: v128): v128 {
    return f64x2.min(a, b);
  }
}

/** The smallest value, NaN if any is: the first job. */
export function minChunks(argsAddress: usize, task: i32, scratch: usize): void {
  partial<Smallest>(argsAddress, task);
}

/** The smallest value, NaN if any is: the second job. */
export function minResults(argsAddress: usize, task: i32, scratch: usize): void {
  combine<Smallest>(argsAddress, task);
}
