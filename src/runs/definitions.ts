/**
 * Digests of a run's loss, network and scores, if they are not this project's, and of the trained
 * networks it started from. They reveal a changed definition with the same name.
 *
 * @module
 */
import { z } from "zod";
import { sourceOf } from "../definition.ts";
import { type Experiment, startOf } from "../experiments.ts";
import { sha256 } from "../files/digest.ts";
import { lossExamples } from "../losses/examples.ts";
import type { Loss } from "../losses/loss.ts";
import { startDigests } from "../model/start.ts";
import type { Score } from "../scores/score.ts";

const digest = z.string().regex(/^[0-9a-f]{16}$/, "not a digest of 16 hexadecimal digits");

/** Schema of the digests in `config.json`; this project's own code has none. */
export const definitionsSchema = z.strictObject({
  loss: digest.optional(),
  network: digest.optional(),
  /** Digests of the scores fitted in the run, by name. */
  scores: z.record(z.string(), digest).optional(),
  /** Digests of the trained networks that parameter groups start from. */
  start: z.record(z.string(), digest).optional(),
}).readonly();

/** Digests of the definitions behind a run. */
export type Definitions = z.infer<typeof definitionsSchema>;

/**
 * The digests of an experiment. A loss's digest covers its source, its options and its results for
 * some examples, so it also changes with outside values that its functions use.
 *
 * @param outputs number of the network's outputs
 * @param scores the scores fitted in its run
 * @throws {Error} if a trained network to start from is missing; names its file and the way out
 */
export async function definitionsOf(
  experiment: Experiment,
  outputs: number,
  scores: readonly Score[],
): Promise<Definitions> {
  const { loss, network } = experiment;
  const start = await startDigests(startOf(experiment));
  const fitted = scores.flatMap((score) => {
    const digest = scoreDefinition(score);
    return digest === undefined ? [] : [[score.name, digest]];
  });
  const examples = sourceOf(loss) === undefined ? [] : await examplesOf(loss, outputs);
  const [lossDigest, networkDigest] = [
    digestOf(loss, loss.options, examples),
    digestOf(network, network.options),
  ];
  return {
    ...(lossDigest === undefined ? {} : { loss: lossDigest }),
    ...(networkDigest === undefined ? {} : { network: networkDigest }),
    ...(fitted.length === 0 ? {} : { scores: Object.fromEntries(fitted) }),
    ...(Object.keys(start).length === 0 ? {} : { start }),
  };
}

/** The digest of a score fitted to training pictures; `undefined` if it is this project's own. */
export function scoreDefinition(score: Score): string | undefined {
  return digestOf(score, score.options);
}

function digestOf(definition: object, ...given: readonly unknown[]): string | undefined {
  const source = sourceOf(definition);
  return source === undefined ? undefined : sha256(JSON.stringify([source, ...given])).slice(0, 16);
}

/** Significant digits that do not depend on rounding in 32-bit arithmetic. */
const DIGITS = 5;

/**
 * Results of a loss for examples, as texts that are the same for numbers that differ only by
 * rounding.
 */
async function examplesOf(loss: Loss, outputs: number): Promise<string[]> {
  const examples = await lossExamples(loss, outputs);
  return examples.map((example) =>
    typeof example === "string"
      ? example
      : example.map((value) => value.toPrecision(DIGITS)).join(" ")
  );
}
