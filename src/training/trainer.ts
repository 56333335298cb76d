/**
 * Training a network for one experiment: phases, epochs, steps, validation and checkpoints.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { Batch, EvaluationBatches, TrainingBatches } from "../data/batch.ts";
import { NA_OUTPUT } from "../data/labels.ts";
import { accuracy, accuracyWithNa, accuracyWithoutNa } from "../evaluation/threshold_metrics.ts";
import { METRIC_THRESHOLD } from "../experiments.ts";
import type { Experiment } from "../experiments.ts";
import { PARAMETER_GROUPS } from "../model/layers.ts";
import type { Parameter } from "../model/layers.ts";
import type { XResNet } from "../model/xresnet.ts";
import { totalEpochs } from "../profiles.ts";
import type { Profile, TrainingPhase } from "../profiles.ts";
import { Adam, ARTICLE_ADAM } from "./adam.ts";
import { readCheckpoint, requireSameConfiguration, writeCheckpoint } from "./checkpoint.ts";
import type { Checkpoint, Configuration } from "./checkpoint.ts";
import { NO_LOSS, smoothedValue, withLoss } from "./history.ts";
import type { HistoryRow } from "./history.ts";
import { Pace } from "./pace.ts";
import { validate } from "./inference.ts";
import type { ValidationResult } from "./inference.ts";
import { oneCycleStep } from "./schedule.ts";

/** What is trained, on what, and whom to tell. */
export interface TrainingOptions {
  /** Trained in place. */
  readonly network: XResNet;
  readonly experiment: Experiment;
  readonly profile: Profile;
  /** Seed of the run; dropout depends on it. */
  readonly seed: number;
  /** Tells one set of labelled pictures from another; a checkpoint fits only the same. */
  readonly pictures?: string | undefined;
  readonly training: TrainingBatches;
  readonly validation: EvaluationBatches;
  /** The file to continue from, and to write after each epoch and on interruption. */
  readonly checkpoint?: string | undefined;
  /** Stops the training after the current step. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each step. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Called after each epoch of this process; not for those a checkpoint brings along. */
  readonly onEpoch?: ((row: HistoryRow) => void) | undefined;
}

/** Where the training stands after a step. */
export interface TrainingProgress {
  readonly phase: TrainingPhase["name"];
  /** Counted from 0 over all phases. */
  readonly epoch: number;
  /** Number of epochs over all phases. */
  readonly epochs: number;
  /** Number of batches of the epoch that are done. */
  readonly batch: number;
  /** Number of batches per epoch. */
  readonly batches: number;
  /** The smoothed training loss; NaN until the first loss of the phase has been read. */
  readonly loss: number;
  /** Training pictures per second, measured in this process. */
  readonly imagesPerSecond: number;
  /** Estimate for the rest of the training, validation included. */
  readonly secondsLeft: number;
}

/** Thrown by {@linkcode train} when its signal has stopped it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  /**
   * @param checkpoint the file that the training can continue from, if there is one
   * @param epoch counted from 0
   * @param batch number of batches of that epoch that are done
   */
  constructor(readonly checkpoint: string | undefined, epoch: number, batch: number) {
    const place = `training was interrupted in epoch ${epoch + 1} after batch ${batch}`;
    super(
      checkpoint === undefined
        ? `${place}; nothing was saved`
        : `${place}; run the same command again, without --fresh, to continue from ${checkpoint}`,
    );
  }
}

/**
 * Trains the network through all phases of the profile, or what a checkpoint has left to do of
 * them. An interrupted and continued training ends with the same bits as one that ran through.
 *
 * @returns one row per epoch, those of earlier processes included
 * @throws {Interrupted} if the signal stopped it.
 * @throws {Error} if a loss or a value of the network is no longer a number (the last checkpoint
 *   is kept), if a checkpoint is damaged or belongs to another run, or if the data does not fit the
 *   profile.
 */
export async function train(options: TrainingOptions): Promise<HistoryRow[]> {
  requireBatches(options);
  const run = new TrainingRun(options);
  try {
    await run.continueFromCheckpoint();
    while (run.epoch < totalEpochs(options.profile)) await run.trainEpoch();
    return run.history;
  } finally {
    run.dispose();
  }
}

/** The state of a training in progress. */
class TrainingRun {
  readonly #options: TrainingOptions;
  readonly #adam = new Adam(ARTICLE_ADAM);
  readonly #pace: Pace;
  #batch = 0;
  /** Wall time of the current epoch in earlier processes. */
  #secondsBefore = 0;
  #startOfEpoch = performance.now();
  #smoothedLoss = NO_LOSS;
  /** Whether there is a checkpoint on disk. */
  #isSaved = false;
  history: HistoryRow[] = [];
  epoch = 0;

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#pace = new Pace(options.training.batchSize);
  }

  async continueFromCheckpoint(): Promise<void> {
    const path = this.#options.checkpoint;
    const checkpoint = path === undefined ? undefined : await readCheckpoint(path);
    if (path === undefined || checkpoint === undefined) return;
    const { state } = checkpoint;
    requireSameConfiguration(path, state.configuration, configurationOf(this.#options));
    this.epoch = state.epoch;
    this.#batch = state.batch;
    this.#secondsBefore = state.epochSeconds;
    this.#smoothedLoss = state.smoothedLoss;
    this.history = [...state.history];
    this.#isSaved = true;
    restoreTensors(path, checkpoint, this.#options.network, this.#adam);
  }

  /** Trains the rest of the current epoch, validates, and moves on to the next. */
  async trainEpoch(): Promise<void> {
    const { training, network, experiment, validation, signal, onEpoch } = this.#options;
    const phase = phaseAt(this.#options.profile, this.epoch);
    this.#startOfEpoch = performance.now();
    if (this.epoch === phase.firstEpoch && this.#batch === 0) {
      this.#adam.clear();
      this.#smoothedLoss = NO_LOSS;
    }
    if (this.#batch < training.batchesPerEpoch) await this.#trainBatches(phase);
    if (signal?.aborted) await this.#interrupt();
    const startOfValidation = performance.now();
    const result = await validate(network, experiment, validation, signal);
    if (result === undefined) return await this.#interrupt();
    if (!Number.isFinite(result.loss)) throw this.#divergence("the validation loss", result.loss);
    this.#pace.addValidation(secondsSince(startOfValidation));
    const row = this.#historyRow(phase.name, result);
    this.history.push(row);
    this.epoch++;
    this.#batch = 0;
    this.#secondsBefore = 0;
    this.#startOfEpoch = performance.now();
    await this.#save();
    onEpoch?.(row);
  }

  dispose(): void {
    this.#adam.clear();
  }

  async #trainBatches(phase: PhaseInProgress): Promise<void> {
    const { training, signal } = this.#options;
    // A loss is read while the next step is under way, so that no backend waits for it.
    let unread: tf.Scalar | undefined;
    let startOfStep = performance.now();
    try {
      for await (const batch of training.epoch(this.epoch, this.#batch)) {
        const loss = this.#step(batch, phase);
        this.#batch++;
        const previous = unread;
        unread = loss;
        await this.#addLoss(previous);
        // Lets signals and workers be served: a backend on the CPU gives its results at once.
        await setImmediate();
        this.#pace.addStep(secondsSince(startOfStep));
        startOfStep = performance.now();
        this.#report(phase);
        if (signal?.aborted) break;
      }
      await this.#addLoss(unread);
    } finally {
      unread?.dispose();
    }
    if (this.#batch !== training.batchesPerEpoch && !signal?.aborted) {
      throw new Error(
        `the training data gave ${this.#batch} batches in epoch ${this.epoch + 1}, but promised ` +
          `${training.batchesPerEpoch}; check that no pictures were removed while training`,
      );
    }
  }

  /** One step of the optimiser; returns the loss before it. */
  #step(batch: Batch, phase: PhaseInProgress): tf.Scalar {
    const { network, experiment, seed, training } = this.#options;
    const stepsBefore = (this.epoch - phase.firstEpoch) * training.batchesPerEpoch + this.#batch;
    const step = this.epoch * training.batchesPerEpoch + this.#batch;
    const position = stepsBefore / (phase.epochs * training.batchesPerEpoch);
    const { learningRates, momentum } = oneCycleStep(phase.schedule, position);
    const trained = network.parameters.filter((parameter) => isTrained(parameter, phase));
    return tf.tidy(() => {
      const { images, count, size } = batch;
      const input = tf.tensor4d(images, [count, size, size, 3]);
      const { value, grads } = tf.variableGrads(() => {
        const outputs = network.outputs(input, { training: true, dropout: { seed, step } });
        return experiment.loss.value(outputs, batch.labels);
      }, trained.map(({ variable }) => variable));
      const steps = trained.map(({ name, group, kind, variable }) => ({
        name,
        variable,
        gradient: grads[variable.name]!,
        learningRate: learningRates[PARAMETER_GROUPS.indexOf(group)]!,
        decays: kind !== "batch norm",
      }));
      this.#adam.step(steps, momentum);
      return value;
    });
  }

  async #addLoss(loss: tf.Scalar | undefined): Promise<void> {
    if (loss === undefined) return;
    const [value] = await loss.data();
    loss.dispose();
    if (!Number.isFinite(value)) throw this.#divergence("the training loss", value!);
    this.#smoothedLoss = withLoss(this.#smoothedLoss, value!);
  }

  #report({ name }: PhaseInProgress): void {
    const { training, profile, onProgress } = this.#options;
    const batches = training.batchesPerEpoch;
    const epochs = totalEpochs(profile);
    const epochsLeft = epochs - this.epoch;
    onProgress?.({
      phase: name,
      epoch: this.epoch,
      epochs,
      batch: this.#batch,
      batches,
      loss: smoothedValue(this.#smoothedLoss),
      imagesPerSecond: this.#pace.imagesPerSecond(),
      secondsLeft: this.#pace.secondsLeft(epochsLeft * batches - this.#batch, epochsLeft),
    });
  }

  #historyRow(phase: string, { loss, scores, labels }: ValidationResult): HistoryRow {
    const { naClass } = this.#options.experiment;
    return {
      epoch: this.epoch,
      phase,
      train_loss: smoothedValue(this.#smoothedLoss),
      valid_loss: loss,
      accuracy: accuracy(scores, labels)!,
      accuracy_without_na: naClass ? accuracyWithoutNa(scores, labels, NA_OUTPUT) ?? null : null,
      accuracy_with_na: naClass
        ? accuracyWithNa(scores, labels, METRIC_THRESHOLD, NA_OUTPUT) ?? null
        : null,
      seconds: this.#epochSeconds(),
    };
  }

  #epochSeconds(): number {
    return this.#secondsBefore + secondsSince(this.#startOfEpoch);
  }

  async #interrupt(): Promise<never> {
    await this.#save();
    throw new Interrupted(this.#options.checkpoint, this.epoch, this.#batch);
  }

  async #save(): Promise<void> {
    const { checkpoint, network } = this.#options;
    if (checkpoint === undefined) return;
    const adam = await this.#adam.exportState();
    const tensors = new Map<string, Float32Array>();
    for (const [name, variable] of network.namedVariables()) {
      tensors.set(`${NETWORK}${name}`, await variable.data<"float32">());
    }
    for (const [name, { mean, squaredMean }] of adam.means) {
      tensors.set(`${ADAM_MEAN}${name}`, mean);
      tensors.set(`${ADAM_SQUARED_MEAN}${name}`, squaredMean);
    }
    for (const [name, values] of tensors) {
      const stray = firstNotFinite(values);
      if (stray !== undefined) throw this.#divergence(`a value of ${name}`, stray);
    }
    const state = {
      configuration: configurationOf(this.#options),
      epoch: this.epoch,
      batch: this.#batch,
      epochSeconds: this.#epochSeconds(),
      smoothedLoss: this.#smoothedLoss,
      history: this.history,
      adamSteps: adam.steps,
    };
    await writeCheckpoint(checkpoint, { state, tensors });
    this.#isSaved = true;
  }

  /** @param what became no number, for example `the training loss` */
  #divergence(what: string, value: number): Error {
    const kept = this.#isSaved
      ? `${this.#options.checkpoint} keeps the last good state`
      : "nothing was saved yet";
    const place = this.#batch === 0
      ? `by the end of epoch ${this.epoch}`
      : `in epoch ${this.epoch + 1}, by batch ${this.#batch}`;
    return new Error(
      `${what} became ${value} ${place}; ${kept}. ` +
        "Try lower learning rates in src/profiles.ts or another seed, look for odd pictures if " +
        "they are your own, or rule out the engine with `deno task checked reproduce` or " +
        "--backend cpu",
    );
  }
}

/** A loop, because `find` takes seconds for all values of a network. */
function firstNotFinite(values: Float32Array): number | undefined {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return values[i];
  }
  return undefined;
}

/** Name prefixes of a checkpoint's tensors. */
const NETWORK = "network/";
const ADAM_MEAN = "adam mean/";
const ADAM_SQUARED_MEAN = "adam squared mean/";

/** @throws {Error} if the checkpoint at that path does not have a value of the network */
function restoreTensors(
  path: string,
  { state, tensors }: Checkpoint,
  network: XResNet,
  adam: Adam,
): void {
  const shapes = new Map<string, number[]>();
  const means = new Map<string, { mean: Float32Array; squaredMean: Float32Array }>();
  for (const [name, variable] of network.namedVariables()) {
    const values = tensors.get(`${NETWORK}${name}`);
    if (values?.length !== variable.size) {
      throw new Error(
        `${path}: ${name} has ${values?.length ?? "no"} values and not ${variable.size}; delete ` +
          "it, or train anew with --fresh",
      );
    }
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    shapes.set(name, variable.shape);
    const mean = tensors.get(`${ADAM_MEAN}${name}`);
    const squaredMean = tensors.get(`${ADAM_SQUARED_MEAN}${name}`);
    if (mean && squaredMean) means.set(name, { mean, squaredMean });
  }
  adam.importState({ steps: state.adamSteps, means }, shapes);
}

interface PhaseInProgress extends TrainingPhase {
  /** Counted from 0 over all phases. */
  readonly firstEpoch: number;
}

function phaseAt(profile: Profile, epoch: number): PhaseInProgress {
  let firstEpoch = 0;
  for (const phase of profile.phases) {
    if (epoch < firstEpoch + phase.epochs) return { ...phase, firstEpoch };
    firstEpoch += phase.epochs;
  }
  throw new RangeError(`epoch ${epoch} of profile "${profile.name}", which has ${firstEpoch}`);
}

/** Only the body has convolutions: a frozen one still trains its batch norms. */
function isTrained({ kind }: Parameter, { frozenBody }: TrainingPhase): boolean {
  return !(frozenBody && kind === "convolution");
}

/** Everything that the bits of a training depend on. */
function configurationOf(options: TrainingOptions): Configuration {
  const { experiment, profile, network, training, validation, seed, pictures } = options;
  return JSON.parse(JSON.stringify({
    experiment: experiment.name,
    seed,
    backend: tf.getBackend(),
    profile,
    network: { widths: network.widths, classes: network.classes },
    data: {
      batchSize: training.batchSize,
      batchesPerEpoch: training.batchesPerEpoch,
      validationPictures: validation.count,
      pictures,
    },
    optimiser: ARTICLE_ADAM,
  }));
}

function requireBatches({ training, profile, experiment }: TrainingOptions): void {
  if (training.batchSize !== profile.batchSize) {
    throw new Error(
      `the training data comes in batches of ${training.batchSize}, but profile ` +
        `"${profile.name}" asks for ${profile.batchSize}`,
    );
  }
  if (training.batchesPerEpoch < 1) {
    throw new Error(
      `too few training pictures for one batch of ${training.batchSize} in experiment ` +
        `"${experiment.name}" (groups ${experiment.trainingGroups.join(", ")}); add pictures to ` +
        `the data set's train folder`,
    );
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
