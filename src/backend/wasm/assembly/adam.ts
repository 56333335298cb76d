import { FLOAT, loadPart, storePart } from "./layout";

/** Values of one task. */
const CHUNK: i32 = 16384;

@unmanaged
class AdamArgs {
  parameter: usize;
  mean: usize;
  squaredMean: usize;
  gradient: usize;
  newParameter: usize;
  newMean: usize;
  newSquaredMean: usize;
  size: i32;
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

/** One step of Adam with decoupled weight decay, epsilon outside the root. */
export function adam(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<AdamArgs>(argsAddress);
  const last = min(args.size, (task + 1) * CHUNK);
  const momentum = f32x4.splat(args.momentum);
  const squaredMomentum = f32x4.splat(args.squaredMomentum);
  const gradientShare = f32x4.splat(args.gradientShare);
  const squaredGradientShare = f32x4.splat(args.squaredGradientShare);
  const squaredBiasCorrection = f32x4.splat(args.squaredBiasCorrection);
  const epsilon = f32x4.splat(args.epsilon);
  const stepSize = f32x4.splat(args.stepSize);
  const decay = f32x4.splat(args.decay);
  for (let i = task * CHUNK; i < last; i += 4) {
    const offset = <usize>i * FLOAT;
    const width = last - i;
    const gradient = loadPart(args.gradient + offset, width);
    const mean = f32x4.add(
      f32x4.mul(loadPart(args.mean + offset, width), momentum),
      f32x4.mul(gradient, gradientShare),
    );
    const squaredMean = f32x4.add(
      f32x4.mul(loadPart(args.squaredMean + offset, width), squaredMomentum),
      f32x4.mul(f32x4.mul(gradient, gradient), squaredGradientShare),
    );
    const root = f32x4.sqrt(f32x4.div(squaredMean, squaredBiasCorrection));
    const change = f32x4.mul(f32x4.div(mean, f32x4.add(root, epsilon)), stepSize);
    const decayed = f32x4.mul(loadPart(args.parameter + offset, width), decay);
    storePart(args.newParameter + offset, f32x4.sub(decayed, change), width);
    storePart(args.newMean + offset, mean, width);
    storePart(args.newSquaredMean + offset, squaredMean, width);
  }
}
