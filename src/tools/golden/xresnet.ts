/**
 * Runs `xresnet.json`: logits, gradients and parameter counts of the network.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { bcena } from "../../losses/bcena.ts";
import type { Network } from "../../model/network.ts";
import type { Parameter } from "../../model/parameters.ts";
import { xresnet } from "../../model/xresnet.ts";
import { parseFormula } from "./formula.ts";
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
  /** Says how the network's values are made. */
  readonly weights: string;
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

/** As in every reference. */
const BLOCKS_PER_STAGE = 2;

/** What {@linkcode run} reads. */
export const file = "xresnet.json";

/** Compares one training pass and one evaluation pass with the reference. */
export const run: GoldenRunner = async (content) => {
  await tf.ready();
  const reference = content as XResNetReference;
  const images = referenceInput(reference.input);
  const network = networkOf(reference);
  try {
    setReferenceValues(network, reference.weights);
    return [
      compareCount("parameters", network, reference.paramCount),
      compareFullSizeCount(reference.fullSize),
      ...compareTrainingPass(network, images, reference),
      // After the training pass, which has updated the running statistics once.
      compareEvaluationPass(network, images, reference.logitsEvalAfterOneTrainForward),
    ];
  } finally {
    images.dispose();
    network.dispose();
  }
};

function networkOf({ stem, widths, hidden, classes }: NetworkReference): Network {
  const blocks = widths.map(() => BLOCKS_PER_STAGE);
  return xresnet("reference", { stem, stages: widths, blocks, hidden }).build(classes, 0);
}

function compareCount(name: string, network: Network, expected: number): Comparison {
  return { name, error: Math.abs(network.parameterCount - expected), tolerance: 0 };
}

function compareFullSizeCount(reference: NetworkReference): Comparison {
  const network = networkOf(reference);
  const comparison = compareCount("parameters at full size", network, reference.paramCount);
  network.dispose();
  return comparison;
}

function compareTrainingPass(
  network: Network,
  images: tf.Tensor4D,
  reference: XResNetReference,
): Comparison[] {
  const weights = weightsOf(network);
  let logits: Float32Array | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const outputs = network.forward(images, { training: true });
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
  network: Network,
  images: tf.Tensor4D,
  expected: GoldenTensor,
): Comparison {
  const outputs = network.forward(images, { training: false });
  const error = absoluteError(outputs.logits.dataSync(), expected.data);
  tf.dispose([outputs.logits, outputs.features]);
  return { name: "logits in evaluation", error, tolerance: TOLERANCES.xresnetLogits };
}

/** Convolutions and linear layers, in the order of the reference. */
function weightsOf(network: Network): Parameter[] {
  return network.parameters.filter(({ kind }) => kind !== "batch norm");
}

/** What the description of the values says, but for its numbers and formula. */
const VALUES = new RegExp(
  "^parameter number i in the order of params \\(0-based\\), flat index j in the TensorFlow layout " +
    "\\(\\[kh,kw,in,out\\] or \\[in,out\\]\\): (?<formula>.+), fanIn = kh\\*kw\\*in; " +
    "every batch norm gamma (?<gamma>[\\d.]+) but (?<lastGamma>[\\d.]+) for the last one of a " +
    "block's convpath, beta (?<beta>[\\d.]+); no dropout$",
);

/** @throws {Error} if the description is of another form */
function setReferenceValues(network: Network, description: string): void {
  const { formula, gamma, lastGamma, beta } = VALUES.exec(description)?.groups ?? {};
  if (formula === undefined) throw unreadable("weights", "of this form", description);
  const weight = parseFormula(formula, ["i", "j", "fanIn"]);
  weightsOf(network).forEach(({ variable }, i) => {
    const fanIn = variable.size / variable.shape.at(-1)!;
    assign(variable, (j) => weight({ i, j, fanIn }));
  });
  for (const { name, kind, variable } of network.parameters) {
    if (kind !== "batch norm") continue;
    const isLast = name.endsWith(".convpath.1.1.gamma");
    const value = Number(name.endsWith(".beta") ? beta : isLast ? lastGamma : gamma);
    assign(variable, () => value);
  }
}

function assign(variable: tf.Variable, valueAt: (index: number) => number): void {
  const values = Float32Array.from({ length: variable.size }, (_, index) => valueAt(index));
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

/** @throws {Error} if the description has no shape, or no readable formula */
function referenceInput(description: string): tf.Tensor4D {
  const form =
    /^x\[j\]\s*=\s*(.+),\s*j flat over \[\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\]$/;
  const [, formula, ...numbers] = form.exec(description.trim()) ?? [];
  if (formula === undefined) {
    throw unreadable("input", '"x[j] = FORMULA, j flat over [N,H,W,C]"', description);
  }
  const value = parseFormula(formula, ["j"]);
  const shape = numbers.map(Number) as [number, number, number, number];
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor4d(Float32Array.from({ length: size }, (_, j) => value({ j })), shape);
}

function unreadable(field: string, form: string, description: string): Error {
  return new Error(`"${field}" of the network's vector file: not ${form} but "${description}"`);
}
