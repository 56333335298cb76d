/**
 * Xresnets: a residual body with fastai's head.
 *
 * Sources: He et al., "Deep Residual Learning" (2015); He et al., "Bag of Tricks for Image
 * Classification" (2018), from which the stem and the average pool in the identity path come.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { ofProject } from "../definition.ts";
import {
  averagePool,
  BatchNorm,
  ConvolutionBatchNorm,
  Dropout,
  type ForwardMode,
  globalMaximumAndMean,
  type Layer,
  Linear,
  maxPool,
  relu,
} from "./layers.ts";
import { checkedOptions, composeNetwork, layerWidth, parameterGroups } from "./network.ts";
import type { NetworkDefinition, NetworkKind } from "./network.ts";
import { ParameterList } from "./parameters.ts";

const KIND = "xresnet";

const optionsSchema = z.strictObject({
  /** Outputs of the stem's three convolutions. */
  stem: z.tuple([layerWidth, layerWidth, layerWidth]).readonly(),
  /** Outputs of the blocks of each stage. */
  stages: z.array(layerWidth).min(1).max(8).readonly(),
  /** Residual blocks of each stage. */
  blocks: z.array(z.int().min(1).max(64)).readonly(),
  /** Outputs of the head's first linear layer: the number of features. */
  hidden: layerWidth,
}).refine(({ stages, blocks }) => stages.length === blocks.length, {
  error: "expected one number of blocks for each stage",
}).readonly();

/** The options of an xresnet. */
export type XResNetOptions = z.infer<typeof optionsSchema>;

/** The parameter groups of fastai's learner. */
const GROUPS = parameterGroups("stem", "stages", "head");

/**
 * A network of three convolutions, a max pool, stages of residual blocks, where all stages but the
 * first halve the picture, and a head: the maximum and the mean of each feature map, side by side,
 * then two linear layers, each after a batch norm and dropout. The features are the outputs of the
 * second batch norm.
 *
 * @param name of the new network
 * @throws {Error} if a width or a number of blocks is not a whole number within the limits.
 */
export function xresnet(name: string, options: XResNetOptions): NetworkDefinition {
  const checked = checkedOptions(optionsSchema, name, options);
  const architecture = { kind: KIND, name, options: checked };
  return ofProject({
    ...architecture,
    build(outputs, seed) {
      const list = new ParameterList(seed);
      const body = [
        ...stemLayers(list, checked),
        maxPool,
        ...residualBlocks(list, checked),
        ...headLayers(list, checked),
      ];
      const classifier = [
        new Dropout("head.dropout2", 0.5),
        new Linear(list, "l2", "head", checked.hidden, outputs),
      ];
      return composeNetwork({ architecture, outputs, groups: GROUPS, list, body, classifier });
    },
  });
}

const FULL_SIZE = { stem: [32, 32, 64], stages: [64, 128, 256, 512], hidden: 512 } as const;

/** 11,725,664 parameters with 5 outputs. */
export const XRESNET18: NetworkDefinition = xresnet("xresnet18", {
  ...FULL_SIZE,
  blocks: [2, 2, 2, 2],
});

/** Twice as deep, with 21,833,824 parameters with 5 outputs. */
export const XRESNET34: NetworkDefinition = xresnet("xresnet34", {
  ...FULL_SIZE,
  blocks: [3, 4, 6, 3],
});

/** All xresnets. */
export const XRESNETS: NetworkKind = {
  kind: KIND,
  networks: [XRESNET18, XRESNET34],
  // `xresnet` checks the options.
  define: (name, options) => xresnet(name, options as XResNetOptions),
};

function stemLayers(list: ParameterList, { stem }: XResNetOptions): Layer[] {
  return stem.map((outputs, index) => {
    const inputs = index === 0 ? 3 : stem[index - 1]!;
    const stride = index === 0 ? 2 : 1;
    const shape = { kernel: 3, inputs, outputs, stride };
    return new ConvolutionBatchNorm(list, `stem.${index}`, "stem", shape);
  });
}

function residualBlocks(list: ParameterList, { stem, stages, blocks }: XResNetOptions): Layer[] {
  const layers: ResidualBlock[] = [];
  let inputs = stem[2];
  stages.forEach((outputs, stage) => {
    for (let block = 0; block < blocks[stage]!; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      layers.push(new ResidualBlock(list, `blocks.${layers.length}`, inputs, outputs, stride));
      inputs = outputs;
    }
  });
  return layers;
}

/** As in fastai, the ReLU comes before the second batch norm. */
function headLayers(list: ParameterList, { stages, hidden }: XResNetOptions): Layer[] {
  const pooled = 2 * stages.at(-1)!;
  return [
    globalMaximumAndMean,
    new BatchNorm(list, "head.norm1", "head", pooled),
    new Dropout("head.dropout1", 0.25),
    new Linear(list, "l1", "head", pooled, hidden),
    relu,
    new BatchNorm(list, "head.norm2", "head", hidden),
  ];
}

/**
 * Two convolutions beside an identity path, with ReLU after their sum. The identity path halves
 * the picture by average pooling where the block has stride 2, and changes the number of channels
 * by a 1x1 convolution where that differs.
 */
class ResidualBlock implements Layer {
  readonly #convolution1: ConvolutionBatchNorm;
  readonly #convolution2: ConvolutionBatchNorm;
  readonly #identity: readonly Layer[];

  constructor(list: ParameterList, name: string, inputs: number, outputs: number, stride: number) {
    const convolution = (path: string, shape: object, options: object = {}) =>
      new ConvolutionBatchNorm(
        list,
        `${name}.${path}`,
        "stages",
        { kernel: 3, inputs, outputs, stride: 1, ...shape },
        options,
      );
    this.#convolution1 = convolution("convpath.0", { stride });
    // A gamma of 0 makes the block start as its identity path.
    this.#convolution2 = convolution("convpath.1", { inputs: outputs }, { gamma: 0 });
    const pool = stride === 1 ? [] : [averagePool];
    const projection = inputs === outputs
      ? []
      : [convolution(`idpath.${pool.length}`, { kernel: 1 }, { relu: false })];
    this.#identity = [...pool, ...projection];
  }

  /** @param x [N, H, W, inputs]; returns [N, ceil(H / stride), ceil(W / stride), outputs] */
  forward(x: tf.Tensor4D, mode: ForwardMode): tf.Tensor4D {
    const hidden = this.#convolution1.forward(x, mode);
    let identity: tf.Tensor = x;
    for (const layer of this.#identity) identity = layer.forward(identity, mode);
    return this.#convolution2.forward(hidden, mode, identity as tf.Tensor4D);
  }

  toStock(x: tf.SymbolicTensor): tf.SymbolicTensor {
    const hidden = this.#convolution1.toStock(x);
    let identity = x;
    for (const layer of this.#identity) identity = layer.toStock(identity);
    return this.#convolution2.toStock(hidden, identity);
  }
}
