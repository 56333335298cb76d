/**
 * Runs `xresnet.json`: logits, gradients and parameter counts of the network.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { bcena } from "../../losses/bcena.ts";
import type { Parameter } from "../../model/layers.ts";
import { XResNet } from "../../model/xresnet.ts";
import type { NetworkWidths } from "../../model/xresnet.ts";
import { absoluteError, relativeError, TOLERANCES } from "./golden.ts";
import type { Comparison, GoldenRunner, GoldenTensor } from "./golden.ts";

interface NetworkReference {
  readonly stem: [number, number, number];
  readonly widths: number[];
  readonly hidden: number;
  readonly classes: number;
  readonly paramCount: number;
}

interface XResNetReference extends NetworkReference {
  /** Says the input's shape, and how its values are made. */
  readonly input: string;
  readonly labels: number[];
  readonly fullSize: NetworkReference;
  readonly logits: GoldenTensor;
  readonly bcenaLoss: number;
  readonly params: {
    readonly name: string;
    readonly shape: number[];
    readonly gradNorm: number;
    readonly gradFirst8: number[];
  }[];
  readonly logitsEvalAfterOneTrainForward: GoldenTensor;
}

/** What {@linkcode run} reads. */
export const file = "xresnet.json";

/** Compares one training pass and one evaluation pass with the reference. */
export const run: GoldenRunner = async (content) => {
  await tf.ready();
  const reference = content as XResNetReference;
  const network = networkOf(reference);
  setReferenceWeights(network);
  const images = referenceInput(reference.input);
  const comparisons = [
    compareCount("parameters", network, reference.paramCount),
    compareFullSizeCount(reference.fullSize),
    ...compareTrainingPass(network, images, reference),
    // After the training pass, which has updated the running statistics once.
    compareEvaluationPass(network, images, reference.logitsEvalAfterOneTrainForward),
  ];
  images.dispose();
  network.dispose();
  return comparisons;
};

function networkOf({ stem, widths, hidden, classes }: NetworkReference): XResNet {
  const networkWidths: NetworkWidths = { stem, stages: widths, hidden };
  return new XResNet(networkWidths, classes, 0);
}

function compareCount(name: string, network: XResNet, expected: number): Comparison {
  return { name, error: Math.abs(network.parameterCount - expected), tolerance: 0 };
}

function compareFullSizeCount(reference: NetworkReference): Comparison {
  const network = networkOf(reference);
  const comparison = compareCount("parameters at full size", network, reference.paramCount);
  network.dispose();
  return comparison;
}

function compareTrainingPass(
  network: XResNet,
  images: tf.Tensor4D,
  reference: XResNetReference,
): Comparison[] {
  const weights = weightsOf(network);
  let logits: Float32Array | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const outputs = network.outputs(images, { training: true });
    logits = outputs.logits.dataSync<"float32">().slice();
    return bcena.value(outputs, reference.labels);
  }, weights.map(({ variable }) => variable));
  const comparisons: Comparison[] = [
    {
      name: "logits in training",
      error: absoluteError(logits!, reference.logits.data),
      tolerance: TOLERANCES.xresnetLogits,
    },
    {
      name: "loss",
      error: absoluteError(value.dataSync(), [reference.bcenaLoss]),
      tolerance: TOLERANCES.xresnetLogits,
    },
    ...reference.params.flatMap((expected, index) =>
      compareGradient(weights[index], grads, expected)
    ),
  ];
  tf.dispose([value, ...Object.values(grads)]);
  return comparisons;
}

function compareGradient(
  parameter: Parameter | undefined,
  gradients: tf.NamedTensorMap,
  expected: XResNetReference["params"][number],
): Comparison[] {
  const gradient = parameter && gradients[parameter.variable.name];
  const values = gradient?.dataSync() ?? new Float32Array();
  const sameParameter = parameter?.name === expected.name &&
    String(parameter.variable.shape) === String(expected.shape);
  return [
    { name: `${expected.name}, name and shape`, error: sameParameter ? 0 : 1, tolerance: 0 },
    {
      name: `${expected.name}, gradient norm`,
      error: relativeError([Math.hypot(...values)], [expected.gradNorm]),
      tolerance: TOLERANCES.xresnetGradientNorms,
    },
    {
      name: `${expected.name}, first gradients`,
      error: relativeError(values.slice(0, expected.gradFirst8.length), expected.gradFirst8),
      tolerance: TOLERANCES.xresnetGradientNorms,
    },
  ];
}

function compareEvaluationPass(
  network: XResNet,
  images: tf.Tensor4D,
  expected: GoldenTensor,
): Comparison {
  const logits = network.forward(images, { training: false });
  const error = absoluteError(logits.dataSync(), expected.data);
  logits.dispose();
  return { name: "logits in evaluation", error, tolerance: TOLERANCES.xresnetLogits };
}

/** Convolutions and linear layers, in the order of the reference. */
function weightsOf(network: XResNet): Parameter[] {
  return network.parameters.filter(({ kind }) => kind !== "batch norm");
}

/** As the file's `weights` says; batch norms start as the reference's, but for gammas of 0. */
function setReferenceWeights(network: XResNet): void {
  weightsOf(network).forEach(({ variable }, i) => {
    const fanIn = variable.size / variable.shape.at(-1)!;
    const scale = Math.sqrt(2 / fanIn) * Math.sqrt(2);
    const values = Float32Array.from(
      { length: variable.size },
      (_, j) => scale * Math.sin(1.7 * j + 13 * i + 1),
    );
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  });
  for (const { convolution2 } of network.blocks) {
    const { gamma } = convolution2.batchNorm;
    tf.tidy(() => gamma.assign(tf.fill(gamma.shape, 0.5)));
  }
}

/** `sin(0.371 j) + cos(0.011 j)`, j flat over the shape that the description ends with. */
function referenceInput(description: string): tf.Tensor4D {
  const numbers = /\[(\d+),(\d+),(\d+),(\d+)\]/.exec(description);
  if (numbers === null) {
    throw new Error(`"input" of the network's vector file: no shape [N,H,W,C] in "${description}"`);
  }
  const shape = numbers.slice(1).map(Number) as [number, number, number, number];
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from(
    { length: size },
    (_, j) => Math.sin(0.371 * j) + Math.cos(0.011 * j),
  );
  return tf.tensor4d(values, shape);
}
