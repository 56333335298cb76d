/**
 * Small examples of scores, losses and decisions, computed by the code that trains and tests.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { startBackend } from "../backend/start_backend.ts";
import { accuracy, accuracyWithNa, decode } from "../evaluation/threshold_metrics.ts";
import type { LossName } from "../experiments.ts";
import { left, right, type Table } from "../report/tables.ts";
import { percent } from "../text/wording.ts";
import { LOSSES, NA_LABEL, scoresOf } from "../training/losses.ts";

/** The outputs of a network for one picture: a logit for each label. */
export type Logits = Readonly<Record<string, number>>;

/** Logits, their exponentials, and the probabilities that softmax makes of them. */
export async function softmaxTable(logits: Logits): Promise<Table> {
  const scores = await scoresFor(logits, "softmax");
  return {
    caption: "Softmax of one picture's logits",
    columns: [left("label"), right("logit x"), right("exp(x)"), right("softmax")],
    rows: Object.entries(logits).map(([label, logit], index) =>
      row(label, number(logit), number(Math.exp(logit)), number(scores[index]!))
    ),
  };
}

/** Logits with their sigmoids beside the softmax of them all. */
export async function sigmoidTable(logits: Logits): Promise<Table> {
  const softmax = await scoresFor(logits, "softmax");
  const sigmoid = await scoresFor(logits, "sigmoid");
  return {
    caption: "Softmax and sigmoid of one picture's logits",
    columns: [left("label"), right("logit x"), right("softmax"), right("sigmoid")],
    rows: Object.entries(logits).map(([label, logit], index) =>
      row(label, number(logit), number(softmax[index]!), number(sigmoid[index]!))
    ),
  };
}

/** What a loss makes of one picture's logits, per output. */
export interface LossExample {
  /** The loss of the picture. */
  readonly value: number;
  readonly outputs: readonly {
    readonly label: string;
    readonly score: number;
    /** What the loss wants the score to be. */
    readonly target: number;
    /** The loss that this output alone contributes. */
    readonly loss: number;
    /** The derivative of the picture's loss by the logit: training moves the logit against it. */
    readonly gradient: number;
  }[];
}

/**
 * Applies a loss to one picture. The targets are read off the gradient, which is the difference of
 * score and target for every loss here, so that they are those which the loss really has.
 *
 * @param answer the picture's label, one of those with a logit
 * @throws {RangeError} if there is no such label.
 */
export async function lossExample(
  name: LossName,
  logits: Logits,
  answer: string,
): Promise<LossExample> {
  const labels = Object.keys(logits);
  const index = labels.indexOf(answer);
  if (index < 0) throw new RangeError(`"${answer}" is none of ${labels.join(", ")}`);
  const softmax = name === "cross-entropy";
  const scores = await scoresFor(logits, softmax ? "softmax" : "sigmoid");
  const { value, gradients } = await lossAndGradients(name, logits, index);
  // BCE is a mean over the outputs, cross-entropy is not.
  const parts = softmax ? 1 : labels.length;
  return {
    value,
    outputs: labels.map((label, output) => {
      const score = scores[output]!;
      const gradient = gradients[output]!;
      const target = Math.round(score - parts * gradient);
      const distance = target === 1 ? -Math.log(score) : softmax ? 0 : -Math.log(1 - score);
      return { label, score, target, loss: distance / parts, gradient };
    }),
  };
}

/** A loss of one picture's logits: target, score, loss and gradient of each output. */
export async function lossTable(name: LossName, logits: Logits, answer: string): Promise<Table> {
  const { value, outputs } = await lossExample(name, logits, answer);
  return {
    caption: `${LOSS_TITLES[name]} of a picture of "${answer}"`,
    columns: [
      left("label"),
      right("logit"),
      right("score"),
      right("target"),
      right("loss"),
      right("gradient"),
    ],
    rows: [
      ...outputs.map(({ label, score, target, loss, gradient }) =>
        row(
          label,
          number(logits[label]!),
          number(score),
          String(target),
          number(loss),
          signed(gradient),
        )
      ),
      row("sum", "", "", "", number(value), ""),
    ],
  };
}

/** A picture with a network's scores for it. */
export interface ScoredExample {
  readonly picture: string;
  /** The right label. */
  readonly answer: string;
  /** One score per label of the network, `na` first. */
  readonly scores: readonly number[];
}

/**
 * The decisions of a network with an `na` output by argmax and by thresholds, and how often they
 * are right.
 *
 * @param labels of the network's outputs, `na` first
 * @throws {RangeError} if a right label is none of them.
 */
export function decisionTable(
  labels: readonly string[],
  examples: readonly ScoredExample[],
  thresholds: readonly number[],
): Table {
  const scores = examples.map((example) => example.scores);
  const answers = examples.map(({ answer }) => labels.indexOf(answer));
  const stray = examples.find(({ answer }) => !labels.includes(answer));
  if (stray) throw new RangeError(`"${stray.answer}" is none of ${labels.join(", ")}`);
  const rules = [
    { kind: "argmax" } as const,
    ...thresholds.map((threshold) => ({ kind: "threshold", threshold } as const)),
  ];
  const decisions = rules.map((rule) => decode(scores, rule, NA_LABEL));
  const shares = rules.map((rule) =>
    rule.kind === "argmax"
      ? accuracy(scores, answers)
      : accuracyWithNa(scores, answers, rule.threshold, NA_LABEL)
  );
  return {
    caption: "Scores of some pictures, and what is decided on them",
    columns: [
      left("picture"),
      left("right answer"),
      ...labels.map((label) => right(label)),
      ...rules.map((rule) =>
        left(rule.kind === "argmax" ? "argmax" : `threshold ${rule.threshold}`)
      ),
    ],
    rows: [
      ...examples.map((example, index) =>
        row(
          example.picture,
          example.answer,
          ...example.scores.map(number),
          ...decisions.map((decided) => labels[decided[index]!]!),
        )
      ),
      row("right", "", ...labels.map(() => ""), ...shares.map((share) => percent(share!))),
    ],
  };
}

const LOSS_TITLES: Readonly<Record<LossName, string>> = {
  "cross-entropy": "Cross-entropy",
  "bce": "Binary cross-entropy",
  "bcena": "BCENa",
};

async function scoresFor(
  logits: Logits,
  activation: "softmax" | "sigmoid",
): Promise<ArrayLike<number>> {
  await requireBackend();
  const scores = tf.tidy(() => scoresOf(tf.tensor2d([Object.values(logits)]), activation));
  try {
    return await scores.data();
  } finally {
    scores.dispose();
  }
}

async function lossAndGradients(
  name: LossName,
  logits: Logits,
  label: number,
): Promise<{ value: number; gradients: ArrayLike<number> }> {
  await requireBackend();
  const { value, grad } = tf.tidy(() => {
    const withGradient = tf.valueAndGrad((x) => LOSSES[name](x as tf.Tensor2D, [label]));
    return withGradient(tf.tensor2d([Object.values(logits)]));
  });
  try {
    return { value: (await value.data())[0]!, gradients: await grad.data() };
  } finally {
    tf.dispose([value, grad]);
  }
}

/** Any backend will do for so few numbers; the slowest needs no time to start. */
async function requireBackend(): Promise<void> {
  if (!tf.getBackend()) await startBackend("cpu");
}

function row(...cells: readonly string[]): Table["rows"][number] {
  return { published: false, cells };
}

function number(value: number): string {
  return value.toFixed(3);
}

function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}
