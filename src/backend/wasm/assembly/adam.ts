import { FLOAT, loadPart, storePart } from "./layout";

/** Values of one task; the same in `kernels/adam_update.ts`. */
const CHUNK: i32 = 16384;

@unmanaged
class AdamArgs {
  /** [parameters] of Parameter. */
  table: usize;
  parameters: i32;
}

/** A row of the table. */
@unmanaged
class Parameter {
  /** The parameter and its two means, all updated in place. */
  parameter: usize;
  mean: usize;
  squaredMean: usize;
  gradient: usize;
  size: i32;
  /** Number of tasks of the rows before this one. */
  firstTask: i32;
  momentum: f32;
  squaredMomentum: f32;
  /** 1 - momentum and 1 - squaredMomentum, subtracted in float64 by the caller. */
  gradientShare: f32;
  squaredGradientShare: f32;
  squaredBiasCorrection: f32;
  epsilon: f32;
  /** Learning rate over the bias correction of the mean. */
  stepSize: f32;
  /** 1 - learning rate * weight decay. */
  decay: f32;
}

/**
 * One step of Adam with decoupled weight decay, epsilon outside the root, for all parameters. Each
 * task updates a chunk of one parameter.
 */
export function adam(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<AdamArgs>(argsAddress);
  // The last row that begins at or before this task.
  let low = 0;
  let high = args.parameters;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (rowAt(args, middle).firstTask <= task) low = middle;
    else high = middle;
  }
  const row = rowAt(args, low);
  const first = (task - row.firstTask) * CHUNK;
  const last = min(row.size, first + CHUNK);
  const momentum = f32x4.splat(row.momentum);
  const squaredMomentum = f32x4.splat(row.squaredMomentum);
  const gradientShare = f32x4.splat(row.gradientShare);
  const squaredGradientShare = f32x4.splat(row.squaredGradientShare);
  const squaredBiasCorrection = f32x4.splat(row.squaredBiasCorrection);
  const epsilon = f32x4.splat(row.epsilon);
  const stepSize = f32x4.splat(row.stepSize);
  const decay = f32x4.splat(row.decay);
  for (let i = first; i < last; i += 4) {
    const offset = <usize>i * FLOAT;
    const width = last - i;
    const gradient = loadPart(row.gradient + offset, width);
    const mean = f32x4.add(
      f32x4.mul(loadPart(row.mean + offset, width), momentum),
      f32x4.mul(gradient, gradientShare),
    );
    const squaredMean = f32x4.add(
      f32x4.mul(loadPart(row.squaredMean + offset, width), squaredMomentum),
      f32x4.mul(f32x4.mul(gradient, gradient), squaredGradientShare),
    );
    const root = f32x4.sqrt(f32x4.div(squaredMean, squaredBiasCorrection));
    const change = f32x4.mul(f32x4.div(mean, f32x4.add(root, epsilon)), stepSize);
    const decayed = f32x4.mul(loadPart(row.parameter + offset, width), decay);
    storePart(row.parameter + offset, f32x4.sub(decayed, change), width);
    storePart(row.mean + offset, mean, width);
    storePart(row.squaredMean + offset, squaredMean, width);
  }
}

// @ts-ignore: decorator
@inline
function rowAt(args: AdamArgs, index: i32): Parameter {
  return changetype<Parameter>(args.table + <usize>index * offsetof<Parameter>());
}
