import { FLOAT, loadPart, pieces, storePart } from "./layout";
import { multiplyAdd } from "./multiply_add";

/** Channels whose sums stay in registers together: one cache line of a row. */
const LINE: i32 = 16;
/**
 * Values of each tensor that a pass over all channels reads: a few rows at most, so that memory is
 * read from front to back, which doubles the speed.
 */
const BLOCK: i32 = 128;
/** Channels of two vectors, which V8 joins if no branch lies between them. */
const PAIR: i32 = 8;

@unmanaged
class SumsArgs {
  /** [rows, channels] */
  x: usize;
  /** [chunks][2][channels]: mean and sum of squared deviations of each chunk. */
  partials: usize;
  rows: i32;
  channels: i32;
  rowsPerChunk: i32;
}

export function batchNormSumsScratch(argsAddress: usize): usize {
  return <usize>changetype<SumsArgs>(argsAddress).channels * FLOAT;
}

/**
 * Mean and sum of squared deviations per channel of one chunk of rows, in two passes over the
 * chunk: a single pass of sums and squares would lose the variance of data far from zero. The
 * second pass also computes the error of the rounded mean (Chan, Golub and LeVeque, "Algorithms for
 * Computing the Sample Variance", 1983).
 */
export function batchNormSums(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<SumsArgs>(argsAddress);
  const channels = args.channels;
  const first = task * args.rowsPerChunk;
  const rows = min(args.rowsPerChunk, args.rows - first);
  const rowBytes = <usize>channels * FLOAT;
  const x = args.x + <usize>first * rowBytes;
  const means = args.partials + <usize>(task * 2) * rowBytes;
  const squares = means + rowBytes;
  const errors = scratch;
  const count = f32x4.splat(<f32>rows);
  const inverse = f32x4.splat(<f32>1 / <f32>rows);
  const whole = channels / LINE * LINE;
  memory.fill(means, 0, 2 * rowBytes);
  memory.fill(errors, 0, rowBytes);
  const rowsPerBlock = max(1, BLOCK / channels);
  for (let row = 0; row < rows; row += rowsPerBlock) {
    const last = min(rows, row + rowsPerBlock);
    for (let channel = 0; channel < whole; channel += LINE) {
      const offset = <usize>channel * FLOAT;
      const sum = means + offset;
      let s0 = v128.load(sum), s1 = v128.load(sum, 16);
      let s2 = v128.load(sum, 32), s3 = v128.load(sum, 48);
      let at = x + <usize>row * rowBytes + offset;
      for (let current = row; current < last; current++) {
        s0 = f32x4.add(s0, v128.load(at));
        s1 = f32x4.add(s1, v128.load(at, 16));
        s2 = f32x4.add(s2, v128.load(at, 32));
        s3 = f32x4.add(s3, v128.load(at, 48));
        at += rowBytes;
      }
      v128.store(sum, s1, 16);
      v128.store(sum, s0);
      v128.store(sum, s3, 48);
      v128.store(sum, s2, 32);
    }
  }
  for (let offset: usize = 0; offset < <usize>whole * FLOAT; offset += 16) {
    v128.store(means + offset, f32x4.mul(v128.load(means + offset), inverse));
  }
  for (let row = 0; row < rows; row += rowsPerBlock) {
    const last = min(rows, row + rowsPerBlock);
    for (let channel = 0; channel < whole; channel += LINE) {
      const offset = <usize>channel * FLOAT;
      const mean = means + offset, square = squares + offset, error = errors + offset;
      const m0 = v128.load(mean), m1 = v128.load(mean, 16);
      const m2 = v128.load(mean, 32), m3 = v128.load(mean, 48);
      let s0 = v128.load(square), s1 = v128.load(square, 16);
      let s2 = v128.load(square, 32), s3 = v128.load(square, 48);
      let e0 = v128.load(error), e1 = v128.load(error, 16);
      let e2 = v128.load(error, 32), e3 = v128.load(error, 48);
      let at = x + <usize>row * rowBytes + offset;
      for (let current = row; current < last; current++) {
        const d0 = f32x4.sub(v128.load(at), m0);
        const d1 = f32x4.sub(v128.load(at, 16), m1);
        const d2 = f32x4.sub(v128.load(at, 32), m2);
        const d3 = f32x4.sub(v128.load(at, 48), m3);
        s0 = multiplyAdd(d0, d0, s0);
        e0 = f32x4.add(e0, d0);
        s1 = multiplyAdd(d1, d1, s1);
        e1 = f32x4.add(e1, d1);
        s2 = multiplyAdd(d2, d2, s2);
        e2 = f32x4.add(e2, d2);
        s3 = multiplyAdd(d3, d3, s3);
        e3 = f32x4.add(e3, d3);
        at += rowBytes;
      }
      v128.store(square, s1, 16);
      v128.store(square, s0);
      v128.store(square, s3, 48);
      v128.store(square, s2, 32);
      v128.store(error, e1, 16);
      v128.store(error, e0);
      v128.store(error, e3, 48);
      v128.store(error, e2, 32);
    }
  }
  for (let offset: usize = 0; offset < <usize>whole * FLOAT; offset += 16) {
    const error = f32x4.mul(v128.load(errors + offset), inverse);
    v128.store(means + offset, f32x4.add(v128.load(means + offset), error));
    v128.store(squares + offset, corrected(v128.load(squares + offset), error, count));
  }
  for (let channel = whole; channel < channels; channel += 4) {
    const offset = <usize>channel * FLOAT;
    const width = channels - channel;
    let sum = f32x4.splat(0);
    let at = x + offset;
    for (let row = 0; row < rows; row++) {
      sum = f32x4.add(sum, loadPart(at, width));
      at += rowBytes;
    }
    const mean = f32x4.mul(sum, inverse);
    let square = f32x4.splat(0);
    let error = f32x4.splat(0);
    at = x + offset;
    for (let row = 0; row < rows; row++) {
      const deviation = f32x4.sub(loadPart(at, width), mean);
      square = multiplyAdd(deviation, deviation, square);
      error = f32x4.add(error, deviation);
      at += rowBytes;
    }
    error = f32x4.mul(error, inverse);
    storePart(means + offset, f32x4.add(mean, error), width);
    storePart(squares + offset, corrected(square, error, count), width);
  }
}

/** Squared deviations about the true mean, from those about a mean that is off by `error`. */
// @ts-ignore: decorator
@inline
function corrected(square: v128, error: v128, count: v128): v128 {
  return f32x4.sub(square, f32x4.mul(count, f32x4.mul(error, error)));
}

@unmanaged
class CombineArgs {
  partials: usize;
  mean: usize;
  /** Biased variance. */
  variance: usize;
  /** Updated in place; 0 for none. */
  runningMean: usize;
  runningVariance: usize;
  rows: i32;
  channels: i32;
  rowsPerChunk: i32;
  /** Share of the old running average in the new one; below it, the share of the batch. */
  keptShare: f32;
  batchShare: f32;
  /** The factor that makes the variance unbiased. */
  unbiased: f32;
}

/**
 * Joins the chunks' statistics in order (Chan, Golub and LeVeque, "Updating Formulae and a Pairwise
 * Algorithm for Computing Sample Variances", 1979), in float64. Each task computes 16 channels.
 */
export function batchNormCombine(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<CombineArgs>(argsAddress);
  const chunks = pieces(args.rows, args.rowsPerChunk);
  const rowBytes = <usize>args.channels * FLOAT;
  const last = min(args.channels, (task + 1) * LINE);
  for (let channel = task * LINE; channel < last; channel++) {
    const offset = <usize>channel * FLOAT;
    let from = args.partials + offset;
    let count: f64 = 0;
    let mean: f64 = 0;
    let square: f64 = 0;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const rows = <f64>min(args.rowsPerChunk, args.rows - chunk * args.rowsPerChunk);
      const total = count + rows;
      const difference = <f64>load<f32>(from) - mean;
      mean += difference * rows / total;
      square += <f64>load<f32>(from + rowBytes) + difference * difference * count * rows / total;
      count = total;
      from += 2 * rowBytes;
    }
    const variance = <f32>(square / count);
    store<f32>(args.mean + offset, <f32>mean);
    store<f32>(args.variance + offset, variance);
    if (args.runningMean == 0) continue;
    average(args, args.runningMean + offset, <f32>mean);
    average(args, args.runningVariance + offset, variance * args.unbiased);
  }
}

function average(args: CombineArgs, running: usize, batch: f32): void {
  store<f32>(running, load<f32>(running) * args.keptShare + batch * args.batchShare);
}

/** gamma / sqrt(variance + epsilon) of every channel. */
function storeScales(
  gamma: usize,
  variance: usize,
  epsilon: f32,
  channels: i32,
  scales: usize,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const offset = <usize>channel * FLOAT;
    const deviation = sqrt<f32>(load<f32>(variance + offset) + epsilon);
    store<f32>(scales + offset, load<f32>(gamma + offset) / deviation);
  }
}

@unmanaged
class ApplyArgs {
  x: usize;
  mean: usize;
  variance: usize;
  gamma: usize;
  beta: usize;
  /** Added before the ReLU; 0 for none. */
  residual: usize;
  y: usize;
  rows: i32;
  channels: i32;
  rowsPerChunk: i32;
  relu: i32;
  epsilon: f32;
}

export function batchNormApplyScratch(argsAddress: usize): usize {
  return <usize>changetype<ApplyArgs>(argsAddress).channels * FLOAT;
}

/** y = (x - mean) / sqrt(variance + epsilon) * gamma + beta (+ residual), then ReLU if asked. */
export function batchNormApply(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<ApplyArgs>(argsAddress);
  const channels = args.channels;
  const scales = scratch;
  storeScales(args.gamma, args.variance, args.epsilon, channels, scales);
  const first = task * args.rowsPerChunk;
  const rows = min(args.rowsPerChunk, args.rows - first);
  const lowest = f32x4.splat(args.relu ? 0 : -Infinity);
  const residual = args.residual ? args.residual : args.x;
  const added = everyLane(args.residual != 0);
  let at = <usize>(first * channels) * FLOAT;
  for (let row = 0; row < rows; row++) {
    let channel = 0;
    for (; channel + PAIR <= channels; channel += PAIR) {
      const offset = <usize>channel * FLOAT;
      const x = args.x + at + offset, mean = args.mean + offset;
      const scale = scales + offset, beta = args.beta + offset;
      const rest = residual + at + offset, y = args.y + at + offset;
      const a = multiplyAdd(
        f32x4.sub(v128.load(x), v128.load(mean)), v128.load(scale), v128.load(beta));
      const b = multiplyAdd(
        f32x4.sub(v128.load(x, 16), v128.load(mean, 16)), v128.load(scale, 16),
        v128.load(beta, 16));
      const aSum = f32x4.add(a, v128.and(v128.load(rest), added));
      const bSum = f32x4.add(b, v128.and(v128.load(rest, 16), added));
      v128.store(y, f32x4.max(bSum, lowest), 16);
      v128.store(y, f32x4.max(aSum, lowest));
    }
    for (; channel < channels; channel += 4) {
      const offset = <usize>channel * FLOAT;
      const width = channels - channel;
      const centred = f32x4.sub(
        loadPart(args.x + at + offset, width),
        loadPart(args.mean + offset, width),
      );
      let y = multiplyAdd(
        centred,
        loadPart(scales + offset, width),
        loadPart(args.beta + offset, width),
      );
      y = f32x4.add(y, v128.and(loadPart(residual + at + offset, width), added));
      storePart(args.y + at + offset, f32x4.max(y, lowest), width);
    }
    at += <usize>channels * FLOAT;
  }
}

@unmanaged
class GradientSumsArgs {
  x: usize;
  /** The forward result, for the ReLU's mask after a residual was added; else 0. */
  y: usize;
  dy: usize;
  mean: usize;
  variance: usize;
  gamma: usize;
  beta: usize;
  /** [chunks][2][channels]: sums of dz and of dz * (x - mean), dz being dy past the ReLU. */
  partials: usize;
  rows: i32;
  channels: i32;
  rowsPerChunk: i32;
  relu: i32;
  epsilon: f32;
}

export function batchNormGradientSumsScratch(argsAddress: usize): usize {
  return <usize>changetype<GradientSumsArgs>(argsAddress).channels * FLOAT;
}

/** The two sums over rows that the gradients of batch normalisation need, of one chunk. */
export function batchNormGradientSums(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<GradientSumsArgs>(argsAddress);
  const channels = args.channels;
  const first = task * args.rowsPerChunk;
  const rows = min(args.rowsPerChunk, args.rows - first);
  const rowBytes = <usize>channels * FLOAT;
  const start = <usize>first * rowBytes;
  const sums = args.partials + <usize>(task * 2) * rowBytes;
  // Without a residual the mask is computed again from x, which is faster than reading y.
  const y = args.y ? args.y : args.dy;
  const isRead = everyLane(args.y != 0);
  const all = everyLane(!args.relu);
  const scales = scratch;
  storeScales(args.gamma, args.variance, args.epsilon, channels, scales);
  const whole = channels / LINE * LINE;
  memory.fill(sums, 0, 2 * rowBytes);
  const rowsPerBlock = max(1, BLOCK / channels);
  for (let row = 0; row < rows; row += rowsPerBlock) {
    const last = min(rows, row + rowsPerBlock);
    for (let channel = 0; channel < whole; channel += LINE) {
      const offset = <usize>channel * FLOAT;
      const scale = scales + offset, beta = args.beta + offset;
      const m0 = v128.load(args.mean + offset), m1 = v128.load(args.mean + offset, 16);
      const m2 = v128.load(args.mean + offset, 32), m3 = v128.load(args.mean + offset, 48);
      const sum = sums + offset, product = sum + rowBytes;
      let s0 = v128.load(sum), s1 = v128.load(sum, 16);
      let s2 = v128.load(sum, 32), s3 = v128.load(sum, 48);
      let p0 = v128.load(product), p1 = v128.load(product, 16);
      let p2 = v128.load(product, 32), p3 = v128.load(product, 48);
      let at = start + <usize>row * rowBytes + offset;
      for (let current = row; current < last; current++) {
        const x = args.x + at;
        let d0 = v128.load(args.dy + at), d1 = v128.load(args.dy + at, 16);
        let d2 = v128.load(args.dy + at, 32), d3 = v128.load(args.dy + at, 48);
        const x0 = f32x4.sub(v128.load(x), m0), x1 = f32x4.sub(v128.load(x, 16), m1);
        const x2 = f32x4.sub(v128.load(x, 32), m2), x3 = f32x4.sub(v128.load(x, 48), m3);
        const y0 = multiplyAdd(x0, v128.load(scale), v128.load(beta));
        const y1 = multiplyAdd(x1, v128.load(scale, 16), v128.load(beta, 16));
        const y2 = multiplyAdd(x2, v128.load(scale, 32), v128.load(beta, 32));
        const y3 = multiplyAdd(x3, v128.load(scale, 48), v128.load(beta, 48));
        d0 = masked(d0, v128.bitselect(v128.load(y + at), y0, isRead), all);
        d1 = masked(d1, v128.bitselect(v128.load(y + at, 16), y1, isRead), all);
        d2 = masked(d2, v128.bitselect(v128.load(y + at, 32), y2, isRead), all);
        d3 = masked(d3, v128.bitselect(v128.load(y + at, 48), y3, isRead), all);
        s0 = f32x4.add(s0, d0);
        s1 = f32x4.add(s1, d1);
        s2 = f32x4.add(s2, d2);
        s3 = f32x4.add(s3, d3);
        p0 = multiplyAdd(d0, x0, p0);
        p1 = multiplyAdd(d1, x1, p1);
        p2 = multiplyAdd(d2, x2, p2);
        p3 = multiplyAdd(d3, x3, p3);
        at += rowBytes;
      }
      v128.store(sum, s1, 16);
      v128.store(sum, s0);
      v128.store(sum, s3, 48);
      v128.store(sum, s2, 32);
      v128.store(product, p1, 16);
      v128.store(product, p0);
      v128.store(product, p3, 48);
      v128.store(product, p2, 32);
    }
  }
  for (let channel = whole; channel < channels; channel += 4) {
    const offset = <usize>channel * FLOAT;
    const width = channels - channel;
    const mean = loadPart(args.mean + offset, width);
    let sum = f32x4.splat(0);
    let product = f32x4.splat(0);
    let at = start + offset;
    for (let row = 0; row < rows; row++) {
      const centred = f32x4.sub(loadPart(args.x + at, width), mean);
      const again = multiplyAdd(
        centred, loadPart(scales + offset, width), loadPart(args.beta + offset, width));
      const mask = v128.bitselect(loadPart(y + at, width), again, isRead);
      const dz = masked(loadPart(args.dy + at, width), mask, all);
      sum = f32x4.add(sum, dz);
      product = multiplyAdd(dz, centred, product);
      at += rowBytes;
    }
    storePart(sums + offset, sum, width);
    storePart(sums + rowBytes + offset, product, width);
  }
}

/** The values where `y` is positive or `all` is set, else zero. */
// @ts-ignore: decorator
@inline
function masked(values: v128, y: v128, all: v128): v128 {
  return v128.and(values, v128.or(f32x4.gt(y, f32x4.splat(0)), all));
}

/** A mask of all lanes or none. */
// @ts-ignore: decorator
@inline
function everyLane(all: bool): v128 {
  return i32x4.splat(all ? -1 : 0);
}

@unmanaged
class GradientCombineArgs {
  partials: usize;
  variance: usize;
  dgamma: usize;
  dbeta: usize;
  chunks: i32;
  channels: i32;
  epsilon: f32;
}

/** Gradients of gamma and beta from the chunks' sums, in order and in float64; 16 channels a task. */
export function batchNormGradientCombine(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<GradientCombineArgs>(argsAddress);
  const rowBytes = <usize>args.channels * FLOAT;
  const last = min(args.channels, (task + 1) * LINE);
  for (let channel = task * LINE; channel < last; channel++) {
    const offset = <usize>channel * FLOAT;
    let from = args.partials + offset;
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let chunk = 0; chunk < args.chunks; chunk++) {
      sum += <f64>load<f32>(from);
      product += <f64>load<f32>(from + rowBytes);
      from += 2 * rowBytes;
    }
    const deviation = sqrt<f64>(<f64>load<f32>(args.variance + offset) + <f64>args.epsilon);
    store<f32>(args.dbeta + offset, <f32>sum);
    store<f32>(args.dgamma + offset, <f32>(product / deviation));
  }
}

@unmanaged
class GradientArgs {
  x: usize;
  /** As in GradientSumsArgs. */
  y: usize;
  dy: usize;
  mean: usize;
  variance: usize;
  gamma: usize;
  beta: usize;
  dgamma: usize;
  dbeta: usize;
  dx: usize;
  /** The gradient of the residual; 0 for none. */
  dresidual: usize;
  rows: i32;
  channels: i32;
  rowsPerChunk: i32;
  relu: i32;
  epsilon: f32;
}

export function batchNormGradientScratch(argsAddress: usize): usize {
  return <usize>(3 * changetype<GradientArgs>(argsAddress).channels) * FLOAT;
}

/**
 * dx = gamma / deviation * (dz - dbeta / rows - (x - mean) / deviation * dgamma / rows), and the
 * gradient of the residual, which is dz itself.
 */
export function batchNormGradient(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<GradientArgs>(argsAddress);
  const channels = args.channels;
  const rowBytes = <usize>channels * FLOAT;
  // dx = outer * dz + inner * (x - mean) + constant
  const outer = scratch;
  const inner = outer + rowBytes;
  const constant = inner + rowBytes;
  for (let channel = 0; channel < channels; channel++) {
    const offset = <usize>channel * FLOAT;
    const deviation = sqrt<f32>(load<f32>(args.variance + offset) + args.epsilon);
    const scale = load<f32>(args.gamma + offset) / deviation;
    const share = scale / <f32>args.rows;
    store<f32>(outer + offset, scale);
    store<f32>(inner + offset, -share * load<f32>(args.dgamma + offset) / deviation);
    store<f32>(constant + offset, -share * load<f32>(args.dbeta + offset));
  }
  const first = task * args.rowsPerChunk;
  const rows = min(args.rowsPerChunk, args.rows - first);
  const y = args.y ? args.y : args.dy;
  const isRead = everyLane(args.y != 0);
  const all = everyLane(!args.relu);
  // Without a residual, the gradient of x overwrites the residual's.
  const dresidual = args.dresidual ? args.dresidual : args.dx;
  let at = <usize>first * rowBytes;
  for (let row = 0; row < rows; row++) {
    let channel = 0;
    for (; channel + PAIR <= channels; channel += PAIR) {
      const offset = <usize>channel * FLOAT;
      const from = args.dy + at + offset, mask = y + at + offset;
      const x = args.x + at + offset, mean = args.mean + offset;
      const c0 = inner + offset, c1 = constant + offset, c2 = outer + offset;
      const beta = args.beta + offset;
      const to = args.dx + at + offset, rest = dresidual + at + offset;
      const aCentred = f32x4.sub(v128.load(x), v128.load(mean));
      const bCentred = f32x4.sub(v128.load(x, 16), v128.load(mean, 16));
      const aAgain = multiplyAdd(aCentred, v128.load(c2), v128.load(beta));
      const bAgain = multiplyAdd(bCentred, v128.load(c2, 16), v128.load(beta, 16));
      const a = masked(v128.load(from), v128.bitselect(v128.load(mask), aAgain, isRead), all);
      const b = masked(
        v128.load(from, 16), v128.bitselect(v128.load(mask, 16), bAgain, isRead), all);
      const aRest = multiplyAdd(aCentred, v128.load(c0), v128.load(c1));
      const bRest = multiplyAdd(bCentred, v128.load(c0, 16), v128.load(c1, 16));
      const aDx = multiplyAdd(a, v128.load(c2), aRest);
      const bDx = multiplyAdd(b, v128.load(c2, 16), bRest);
      v128.store(rest, b, 16);
      v128.store(rest, a);
      v128.store(to, bDx, 16);
      v128.store(to, aDx);
    }
    for (; channel < channels; channel += 4) {
      const offset = <usize>channel * FLOAT;
      const width = channels - channel;
      const centred = f32x4.sub(
        loadPart(args.x + at + offset, width),
        loadPart(args.mean + offset, width),
      );
      const again = multiplyAdd(
        centred, loadPart(outer + offset, width), loadPart(args.beta + offset, width));
      const mask = v128.bitselect(loadPart(y + at + offset, width), again, isRead);
      const dz = masked(loadPart(args.dy + at + offset, width), mask, all);
      const rest = multiplyAdd(
        centred,
        loadPart(inner + offset, width),
        loadPart(constant + offset, width),
      );
      const dx = multiplyAdd(dz, loadPart(outer + offset, width), rest);
      storePart(dresidual + at + offset, dz, width);
      storePart(args.dx + at + offset, dx, width);
    }
    at += rowBytes;
  }
}
