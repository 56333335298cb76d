/**
 * The network: an xresnet body with fastai's head.
 *
 * Sources: He et al., "Deep Residual Learning" (2015); He et al., "Bag of Tricks for Image
 * Classification" (2018), from which the stem and the average pool in the identity path come.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { LossInput } from "../losses/loss.ts";
import { Head } from "./head.ts";
import { ConvolutionBatchNorm, ParameterList } from "./layers.ts";
import type { ForwardMode, Parameter, RunningStatistics } from "./layers.ts";

/** The number of channels of each part of the network. */
export interface NetworkWidths {
  /** Outputs of the stem's three convolutions. */
  readonly stem: readonly [number, number, number];
  /** Outputs of the stages, each of two residual blocks. */
  readonly stages: readonly number[];
  /** Outputs of the head's first linear layer. */
  readonly hidden: number;
}

/** Residual blocks per stage, which makes it an xresnet18 with four stages. */
export const BLOCKS_PER_STAGE = 2;

/** Convolutions, a max pool, residual blocks and a head that gives one logit per class. */
export class XResNet {
  readonly widths: NetworkWidths;
  /** Number of logits. */
  readonly classes: number;
  readonly stem: readonly ConvolutionBatchNorm[];
  readonly blocks: readonly ResidualBlock[];
  readonly head: Head;
  /** All trainable tensors, from input to output. */
  readonly parameters: readonly Parameter[];
  /** The running statistics of all batch norms, from input to output. */
  readonly statistics: readonly RunningStatistics[];

  /** @param seed of the initial values: equal seeds give equal networks on every backend */
  constructor(widths: NetworkWidths, classes: number, seed: number) {
    const list = new ParameterList(seed);
    this.widths = widths;
    this.classes = classes;
    this.stem = stemLayers(list, widths);
    this.blocks = residualBlocks(list, widths);
    this.head = new Head(list, widths.stages.at(-1)!, widths.hidden, classes);
    this.parameters = list.parameters;
    this.statistics = list.statistics;
  }

  /** Number of trainable values. */
  get parameterCount(): number {
    return this.parameters.reduce((count, { variable }) => count + variable.size, 0);
  }

  /**
   * @param images [N, H, W, 3] float32, normalised
   * @returns logits [N, classes] float32; the caller disposes them
   */
  forward(images: tf.Tensor4D, mode: ForwardMode): tf.Tensor2D {
    return tf.tidy(() => this.outputs(images, mode).logits);
  }

  /** As {@linkcode forward}, with the features [N, hidden] that the last layer made them of. */
  outputs(images: tf.Tensor4D, mode: ForwardMode): LossInput {
    return tf.tidy(() => {
      let x = images;
      for (const layer of this.stem) x = layer.forward(x, mode, { relu: true });
      x = tf.maxPool(x, 3, 2, 1);
      for (const block of this.blocks) x = block.forward(x, mode);
      const { logits, features } = this.head.forward(x, mode);
      return { logits, features };
    });
  }

  /**
   * Every tensor that makes the network what it is, by name: parameters and running statistics
   * (`stem.0.1.mean`, `stem.0.1.variance`). The variables themselves, not copies.
   */
  namedVariables(): Map<string, tf.Variable> {
    const variables = new Map<string, tf.Variable>();
    for (const { name, variable } of this.parameters) variables.set(name, variable);
    for (const { name, mean, variance } of this.statistics) {
      variables.set(`${name}.mean`, mean as tf.Variable);
      variables.set(`${name}.variance`, variance as tf.Variable);
    }
    return variables;
  }

  /** Frees all tensors; the network cannot be used after. */
  dispose(): void {
    for (const variable of this.namedVariables().values()) variable.dispose();
  }
}

/**
 * Two convolutions beside an identity path, with ReLU after their sum. The identity path halves
 * the picture by average pooling where the block has stride 2, and changes the number of channels
 * by a 1x1 convolution where that differs.
 */
export class ResidualBlock {
  readonly stride: number;
  readonly convolution1: ConvolutionBatchNorm;
  readonly convolution2: ConvolutionBatchNorm;
  readonly projection: ConvolutionBatchNorm | undefined;

  constructor(
    list: ParameterList,
    name: string,
    inputs: number,
    outputs: number,
    stride: number,
  ) {
    this.stride = stride;
    this.convolution1 = new ConvolutionBatchNorm(
      list,
      `${name}.convpath.0`,
      "stages",
      { kernel: 3, inputs, outputs, stride },
    );
    // A gamma of 0 makes the block start as its identity path.
    this.convolution2 = new ConvolutionBatchNorm(
      list,
      `${name}.convpath.1`,
      "stages",
      { kernel: 3, inputs: outputs, outputs, stride: 1 },
      0,
    );
    this.projection = inputs === outputs ? undefined : new ConvolutionBatchNorm(
      list,
      // The pool, where there is one, comes first in the path.
      `${name}.idpath.${stride === 1 ? 0 : 1}`,
      "stages",
      { kernel: 1, inputs, outputs, stride: 1 },
    );
  }

  /** @param x [N, H, W, inputs]; returns [N, ceil(H / stride), ceil(W / stride), outputs] */
  forward(x: tf.Tensor4D, mode: ForwardMode): tf.Tensor4D {
    const hidden = this.convolution1.forward(x, mode, { relu: true });
    const pooled = this.stride === 1 ? x : averagePoolWithCeil(x);
    const residual = this.projection?.forward(pooled, mode) ?? pooled;
    return this.convolution2.forward(hidden, mode, { residual, relu: true });
  }
}

function stemLayers(list: ParameterList, { stem }: NetworkWidths): ConvolutionBatchNorm[] {
  return stem.map((outputs, index) => {
    const inputs = index === 0 ? 3 : stem[index - 1]!;
    const stride = index === 0 ? 2 : 1;
    const shape = { kernel: 3, inputs, outputs, stride };
    return new ConvolutionBatchNorm(list, `stem.${index}`, "stem", shape);
  });
}

function residualBlocks(list: ParameterList, { stem, stages }: NetworkWidths): ResidualBlock[] {
  const blocks: ResidualBlock[] = [];
  let inputs = stem[2];
  stages.forEach((outputs, stage) => {
    for (let block = 0; block < BLOCKS_PER_STAGE; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const name = `blocks.${blocks.length}`;
      blocks.push(new ResidualBlock(list, name, inputs, outputs, stride));
      inputs = outputs;
    }
  });
  return blocks;
}

/**
 * Average pooling 2x2 at stride 2; the windows at the far edge of odd sizes cover one row or
 * column. Those are made by repeating the edge, because the gradient of the stock kernel takes
 * every window for a full one.
 */
export function averagePoolWithCeil(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(evenSized(evenSized(x, 1), 2), 2, 2, "valid");
}

function evenSized(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const length = x.shape[axis];
  if (length % 2 === 0) return x;
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  begin[axis] = length - 1;
  return tf.concat([x, tf.slice(x, begin)], axis);
}
