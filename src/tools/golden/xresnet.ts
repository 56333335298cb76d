/**
 * Runs `xresnet.json`: logits, gradients and parameter counts of the network.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { bcena } from "../../losses/bcena.ts";
import type { Network } from "../../model/network.ts";
import type { Parameter } from "../../model/parameters.ts";
import { xresnet } from "../../model/xresnet.ts";
import { parseFormula } from "./formula.ts";
import {
  compare,
  compareTensors,
  type Comparison,
  type GoldenRunner,
  goldenTensor,
} from "./golden.ts";

const size = z.object({
  stem: z.tuple([z.int(), z.int(), z.int()]),
  widths: z.array(z.int()),
  hidden: z.int(),
  classes: z.int(),
  paramCount: z.int(),
});
const vectors = size.extend({
  /** Says the input's shape, and how its values are made. */
  input: z.string(),
  /** Says how the network's values are made. */
  weights: z.string(),
  labels: z.array(z.int()),
  fullSize: size,
  logits: goldenTensor,
  bcenaLoss: z.number(),
  params: z.array(z.object({
    name: z.string(),
    shape: z.array(z.int()),
    gradNorm: z.number(),
    gradFirst8: z.array(z.number()),
  })),
  logitsEvalAfterOneTrainForward: goldenTensor,
});

type Reference = z.infer<typeof vectors>;

/** As in every reference. */
const BLOCKS_PER_STAGE = 2;

/** Runs `xresnet.json`: compares one training pass and one evaluation pass with the reference. */
export const run: GoldenRunner = (content) => {
  const reference = vectors.parse(content);
  const images = referenceInput(reference.input);
  const network = networkOf(reference);
  try {
    setReferenceValues(network, reference.weights);
    return [
      ...compareCounts(reference),
      ...compareTrainingPass(network, images, reference),
      // After the training pass, which has updated the running statistics once.
      ...compareTensors(
        "evaluation",
        { logits: reference.logitsEvalAfterOneTrainForward },
        "networkOutputs",
        () => ({ logits: network.forward(images, { training: false }).logits }),
      ),
    ];
  } finally {
    images.dispose();
    network.dispose();
  }
};

function networkOf({ stem, widths, hidden, classes }: z.infer<typeof size>): Network {
  const blocks = widths.map(() => BLOCKS_PER_STAGE);
  return xresnet("reference", { stem, stages: widths, blocks, hidden }).build(classes, 0);
}

/** Of the network itself, and of the one at full size. */
function compareCounts(reference: Reference): Comparison[] {
  return [reference, reference.fullSize].flatMap((described) => {
    const network = networkOf(described);
    network.dispose();
    const pair = [[network.parameterCount], [described.paramCount]] as const;
    return compare(`widths ${described.widths}`, { parameters: pair }, "count");
  });
}

function compareTrainingPass(
  network: Network,
  images: tf.Tensor4D,
  reference: Reference,
): Comparison[] {
  const weights = weightsOf(network);
  return tf.tidy(() => {
    let logits: Float32Array | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const outputs = network.forward(images, { training: true });
      logits = outputs.logits.dataSync<"float32">().slice();
      return bcena.value(outputs, reference.labels);
    }, weights.map(({ variable }) => variable));
    const results = {
      logits: [logits!, reference.logits.data],
      loss: [value.dataSync(), [reference.bcenaLoss]],
    } as const;
    return [
      ...compare("training", results, "networkOutputs"),
      ...reference.params.flatMap((expected, index) =>
        compareGradient(weights[index], grads, expected)
      ),
    ];
  });
}

function compareGradient(
  parameter: Parameter | undefined,
  gradients: tf.NamedTensorMap,
  { name, shape, gradNorm, gradFirst8 }: Reference["params"][number],
): Comparison[] {
  const gradient = parameter && gradients[parameter.variable.name];
  const values = gradient?.dataSync() ?? new Float32Array();
  const sameParameter = parameter?.name === name &&
    String(parameter.variable.shape) === String(shape);
  const results = {
    "gradient norm": [[Math.hypot(...values)], [gradNorm]],
    "first gradients": [values.slice(0, gradFirst8.length), gradFirst8],
  } as const;
  return [
    { name: `${name}, name and shape`, error: sameParameter ? 0 : 1, tolerance: 0 },
    ...compare(name, results, "networkGradients"),
  ];
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
