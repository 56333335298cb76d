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
import { compare, compareTensors, type GoldenRunner, goldenTensor, passes } from "./golden.ts";

const size = z.object({
  stem: z.tuple([z.int(), z.int(), z.int()]),
  widths: z.array(z.int()),
  hidden: z.int(),
  classes: z.int(),
  paramCount: z.int(),
});
const vectors = size.extend({
  /** A description of the input's shape and values. */
  input: z.string(),
  /** A description of the network's values. */
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

/** The same in every reference. */
const BLOCKS_PER_STAGE = 2;

/**
 * The size of the input's perturbations, which reveal how well gradients are conditioned; and their
 * number.
 */
const PERTURBATION = 1e-6;
const PERTURBATIONS = 8;

/** The error allowed in a gradient, as a multiple of its movement under the perturbations. */
const MOVEMENTS_ALLOWED = 4;

/**
 * Runs `xresnet.json`: compares one training pass and one evaluation pass with the reference.
 *
 * If a pre-activation lies within rounding of zero, or two values of a max pool within rounding of
 * each other, no two float32 programs agree on the gradients, and PyTorch differs from its own
 * float64. So if a gradient misses the usual tolerance while everything else agrees, the allowed
 * error is a multiple of the gradient's movement when the input moves by a millionth.
 */
export const run: GoldenRunner = (content) => {
  const reference = vectors.parse(content);
  const images = referenceInput(reference.input);
  const network = networkOf(reference);
  try {
    setReferenceValues(network, reference.weights);
    const training = trainingPass(network, images, reference.labels);
    const gradients = compareGradients(training.gradients, reference.params);
    const others = [
      ...compareCounts(reference),
      ...compareParameters(network, reference),
      ...compare("training", {
        logits: [training.logits, reference.logits.data],
        loss: [[training.loss], [reference.bcenaLoss]],
      }, "networkOutputs"),
      // The training pass before it has updated the running statistics once.
      ...compareTensors("evaluation", "networkOutputs", () => {
        const { logits } = network.forward(images, { training: false });
        return { logits: [logits, reference.logitsEvalAfterOneTrainForward] };
      }),
    ];
    if (gradients.every(passes) || !others.every(passes)) return [...others, ...gradients];
    const movements = gradientMovements(network, images, reference.labels, training.gradients);
    return [
      ...others,
      ...gradients.map((comparison, index) => {
        const tolerance = MOVEMENTS_ALLOWED * movements[index]!;
        return tolerance > comparison.tolerance
          ? { ...comparison, name: `${comparison.name} (ill-conditioned)`, tolerance }
          : comparison;
      }),
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

/** Compares the parameter counts of the network itself and of the full-size network. */
function compareCounts(reference: Reference) {
  return [reference, reference.fullSize].flatMap((described) => {
    const network = networkOf(described);
    network.dispose();
    return compare(`widths ${described.widths}`, {
      parameters: [[network.parameterCount], [described.paramCount]],
    }, "count");
  });
}

function compareParameters(network: Network, { params }: Reference) {
  const weights = weightsOf(network);
  return params.map(({ name, shape }, index) => {
    const parameter = weights[index];
    const same = parameter?.name === name && String(parameter.variable.shape) === String(shape);
    return { name: `${name}, name and shape`, error: same ? 0 : 1, tolerance: 0 };
  });
}

/** The reference's summary of a weight's gradient. */
type Gradient = Pick<Reference["params"][number], "name" | "gradNorm" | "gradFirst8">;

function trainingPass(network: Network, images: tf.Tensor4D, labels: readonly number[]) {
  const weights = weightsOf(network);
  return tf.tidy(() => {
    let logits = new Float32Array();
    const { value, grads } = tf.variableGrads(() => {
      const outputs = network.forward(images, { training: true });
      logits = outputs.logits.dataSync<"float32">().slice();
      return bcena.value(outputs, labels);
    }, weights.map(({ variable }) => variable));
    const gradients = weights.map(({ name, variable }): Gradient => {
      const gradient = Array.from(grads[variable.name]?.dataSync() ?? []);
      return { name, gradNorm: Math.hypot(...gradient), gradFirst8: gradient.slice(0, 8) };
    });
    return { logits, loss: value.dataSync()[0]!, gradients };
  });
}

function compareGradients(gradients: readonly Gradient[], expected: readonly Gradient[]) {
  return expected.flatMap(({ name, gradNorm, gradFirst8 }, index) =>
    compare(name, {
      "gradient norm": [[gradients[index]?.gradNorm ?? NaN], [gradNorm]],
      "first gradients": [gradients[index]?.gradFirst8 ?? [], gradFirst8],
    }, "networkGradients")
  );
}

/**
 * The largest error of each comparison of gradients when the input is perturbed by about as much as
 * float32 rounding changes it on its way through the network.
 */
function gradientMovements(
  network: Network,
  images: tf.Tensor4D,
  labels: readonly number[],
  unmoved: readonly Gradient[],
): number[] {
  const movements = Array.from({ length: PERTURBATIONS }, (_, seed) =>
    tf.tidy(() => {
      const [least, most] = [1 - PERTURBATION, 1 + PERTURBATION];
      const noise = tf.randomUniform(images.shape, least, most, "float32", seed);
      const { gradients } = trainingPass(network, images.mul(noise), labels);
      return compareGradients(gradients, unmoved).map(({ error }) => error);
    }));
  return movements[0]!.map((_, index) => Math.max(...movements.map((errors) => errors[index]!)));
}

/** Convolutions and linear layers, in the order of the reference. */
function weightsOf(network: Network): Parameter[] {
  return network.parameters.filter(({ kind }) => kind !== "batch norm");
}

/** The description of the values, with its numbers and formula as groups. */
const VALUES = new RegExp(
  "^parameter number i in the order of params \\(0-based\\), flat index j in the TensorFlow layout " +
    "\\(\\[kh,kw,in,out\\] or \\[in,out\\]\\): (?<formula>.+), fanIn = kh\\*kw\\*in; " +
    "every batch norm gamma (?<gamma>[\\d.]+) but (?<lastGamma>[\\d.]+) for the last one of a " +
    "block's convpath, beta (?<beta>[\\d.]+); no dropout$",
);

/** @throws {Error} if the description has another form */
function setReferenceValues(network: Network, description: string): void {
  const { formula, gamma, lastGamma, beta } = VALUES.exec(description)?.groups ?? {};
  if (formula === undefined) throw unreadable("weights", "of this form", description);
  const weight = parseFormula(formula, ["i", "j", "fanIn"]);
  weightsOf(network).forEach(({ variable }, i) => {
    const fanIn = variable.size / variable.shape.at(-1)!;
    assign(variable, (j) => weight(i, j, fanIn));
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
  const length = tf.util.sizeFromShape(shape);
  return tf.tensor4d(Float32Array.from({ length }, (_, j) => value(j)), shape);
}

function unreadable(field: keyof Reference, form: string, description: string): Error {
  return new Error(`"${field}" of the network's vector file: not ${form} but "${description}"`);
}
