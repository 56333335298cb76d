/**
 * Small examples of scores, losses and decisions, computed by the code that trains and tests.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { startBackend } from "../backend/start_backend.ts";
import { NA, naOutputOf, NO_OUTPUT } from "../data/labels.ts";
import { argmax, decide, threshold } from "../evaluation/decisions.ts";
import { activated, type Activation } from "../losses/activation.ts";
import type { Loss, LossInput } from "../losses/loss.ts";
import { left, right, row, type Table } from "../text/table.ts";
import { percent, signedDecimal } from "../text/wording.ts";

/** The outputs of a network for one picture: a logit for each label. */
export type Logits = Readonly<Record<string, number>>;

/** Logits, their exponentials, and the probabilities that softmax makes of them. */
export function softmaxTable(logits: Logits): Table {
  const values = Object.values(logits);
  return outputTable("Softmax of one picture's logits", logits, {
    "logit x": values,
    "exp(x)": values.map(Math.exp),
    softmax: activated(values, "softmax"),
  });
}

/** Logits with their sigmoids beside the softmax of them all. */
export function sigmoidTable(logits: Logits): Table {
  const values = Object.values(logits);
  return outputTable("Softmax and sigmoid of one picture's logits", logits, {
    "logit x": values,
    softmax: activated(values, "softmax"),
    sigmoid: activated(values, "sigmoid"),
  });
}

function outputTable(
  caption: string,
  logits: Logits,
  columns: Readonly<Record<string, readonly number[]>>,
): Table {
  return {
    caption,
    columns: [left("label"), ...Object.keys(columns).map(right)],
    rows: Object.keys(logits).map((label, index) =>
      row(label, ...Object.values(columns).map((values) => number(values[index]!)))
    ),
  };
}

/**
 * Applies a loss to one picture.
 *
 * @param correct the picture's label: one of those with a logit, or `na` for losses of networks that
 *   have no such output
 * @throws {RangeError} if there is no such label.
 * @throws {Error} if the loss is one of features, which the example does not have.
 */
export async function lossExample(loss: Loss, logits: Logits, correct: string) {
  const labels = Object.keys(logits);
  const index = labels.indexOf(correct);
  if (index < 0 && !(correct === NA && loss.naTarget === "uniform")) {
    throw new RangeError(`"${correct}" is none of ${labels.join(", ")}`);
  }
  const label = index < 0 ? NO_OUTPUT : index;
  const values = Object.values(logits);
  const scores = activated(values, loss.activation);
  const targets = loss.targets([label], labels.length);
  // Any backend will do for so few numbers; the slowest needs no time to start.
  if (!tf.getBackend()) await startBackend("cpu");
  const tensors = tf.tidy(() => {
    const valueOf = (x: tf.Tensor) => loss.value(withoutFeatures(loss, x as tf.Tensor2D), [label]);
    return tf.valueAndGrad(valueOf)(tf.tensor2d([values]));
  });
  const [[value], gradients] = await Promise.all([tensors.value.data(), tensors.grad.data()]);
  tf.dispose([tensors.value, tensors.grad]);
  const parts = crossEntropies(scores, targets, loss.activation);
  const isTheirSum =
    Math.abs(parts.reduce((sum, part) => sum + part, 0) - value!) < 1e-5 * Math.max(1, value!);
  return {
    /** The loss of the picture. */
    value: value!,
    outputs: labels.map((label, output) => ({
      label,
      score: scores[output]!,
      /** What the loss wants the score to be. */
      target: targets[output]!,
      /**
       * What this output contributes to the loss; `undefined` where the loss is no cross-entropy of
       * scores and targets.
       */
      loss: isTheirSum ? parts[output]! : undefined,
      /** The derivative of the picture's loss by the logit: training moves the logit against it. */
      gradient: gradients[output]!,
    })),
  };
}

/** A loss of one picture's logits: target, score, loss and gradient of each output. */
export async function lossTable(loss: Loss, logits: Logits, correct: string): Promise<Table> {
  const { value, outputs } = await lossExample(loss, logits, correct);
  return {
    caption: `${loss.title} of a picture of "${correct}"`,
    columns: [left("label"), ...["logit", "score", "target", "loss", "gradient"].map(right)],
    rows: [
      ...outputs.map(({ label, score, target, loss, gradient }) =>
        row(
          label,
          number(logits[label]!),
          number(score),
          Number.isInteger(target) ? String(target) : number(target),
          loss === undefined ? "" : number(loss),
          signedDecimal(gradient),
        )
      ),
      row("sum", "", "", "", number(value), ""),
    ],
  };
}

/**
 * What is decided on pictures by argmax and by thresholds, and how often that is correct.
 *
 * @param labels of the network's outputs
 * @param examples pictures with their correct labels and one score per label of the network
 * @throws {RangeError} if a correct label is none of them.
 */
export function decisionTable(
  labels: readonly string[],
  examples: readonly {
    readonly picture: string;
    readonly label: string;
    readonly scores: readonly number[];
  }[],
  thresholds: readonly number[],
): Table {
  const stray = examples.find(({ label }) => !labels.includes(label));
  if (stray) throw new RangeError(`"${stray.label}" is none of ${labels.join(", ")}`);
  const decisions = [argmax, ...thresholds.map(threshold)];
  const decided = decisions.map((decision) =>
    decide(examples.map(({ scores }) => scores), decision, naOutputOf(labels))
      .map((output) => labels[output]!)
  );
  const accuracies = decided.map((given) =>
    given.filter((label, index) => label === examples[index]!.label).length / given.length
  );
  return {
    caption: "Scores of some pictures, and what is decided on them",
    columns: [
      left("picture"),
      left("correct label"),
      ...labels.map(right),
      ...decisions.map(({ name }) => left(name)),
    ],
    rows: [
      ...examples.map(({ picture, label, scores }, index) =>
        row(picture, label, ...scores.map(number), ...decided.map((given) => given[index]!))
      ),
      row("accuracy", "", ...labels.map(() => ""), ...accuracies.map(percent)),
    ],
  };
}

/** What each output contributes to the cross-entropy of scores and targets; BCE is a mean. */
function crossEntropies(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  activation: Activation,
): number[] {
  // Without the terms of weight 0, which may be 0 times infinity.
  const term = (weight: number, score: number) => weight === 0 ? 0 : -weight * Math.log(score);
  return Array.from(scores, (score, output) => {
    const target = targets[output]!;
    const distance = term(target, score);
    if (activation === "softmax") return distance;
    return (distance + term(1 - target, 1 - score)) / scores.length;
  });
}

function withoutFeatures({ title }: Loss, logits: tf.Tensor2D): LossInput {
  return {
    logits,
    get features(): never {
      throw new Error(
        `${title} is a loss of features too; examples have logits alone, so show another loss`,
      );
    },
  };
}

function number(value: number): string {
  return value.toFixed(3);
}
