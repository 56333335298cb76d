/**
 * Training a network for one experiment: phases, epochs, steps, validation and checkpoints.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { Batch, EvaluationBatches, TrainingBatches } from "../data/batch.ts";
import { naOutputOf } from "../data/labels.ts";
import {
  accuracy,
  ACCURACY_THRESHOLD,
  accuracyWithNa,
  accuracyWithoutNa,
} from "../evaluation/accuracy.ts";
import { describe, type Experiment, trainsUnknown } from "../experiments.ts";
import type { Network } from "../model/network.ts";
import { type Profile, totalEpochs, type TrainingPhase } from "../profiles.ts";
import { Adam, type AdamConfiguration, FASTAI_ADAM } from "./adam.ts";
import { messageOf } from "../files/error_message.ts";
import {
  damaged,
  readCheckpoint,
  requireSameConfiguration,
  writeCheckpoint,
} from "./checkpoint.ts";
import type { Configuration, TrainingState } from "./checkpoint.ts";
import { type HistoryRow, NO_LOSS, smoothedValue, withLoss } from "./history.ts";
import { Pace } from "./pace.ts";
import { requireFittingGroups, trainedParameters } from "./parameter_groups.ts";
import { validate, type ValidationResult } from "./inference.ts";
import { oneCycleStep } from "./schedule.ts";

/** The network, data and callbacks of a training. */
export interface TrainingOptions {
  /** Trained in place. */
  readonly network: Network;
  readonly experiment: Experiment;
  /** The labels of the network's outputs, in order. */
  readonly labels: readonly string[];
  /** Seed of the run; dropout depends on it. */
  readonly seed: number;
  /** Identifies the set of labelled pictures; a checkpoint fits only the same set. */
  readonly pictures?: string | undefined;
  /**
   * The digests of loss and network, where they are not this project's; a checkpoint fits only the
   * same.
   */
  readonly definitions?: Readonly<Record<string, unknown>> | undefined;
  readonly training: TrainingBatches;
  readonly validation: EvaluationBatches;
  /** The file to continue from, and to write after each epoch and on interruption. */
  readonly checkpoint?: string | undefined;
  /** Stops the training after the current step. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each step. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Called after each epoch of this process, but not for the epochs of a checkpoint. */
  readonly onEpoch?: ((row: HistoryRow) => void) | undefined;
}

/** The progress of a training after a step. */
export interface TrainingProgress {
  readonly phase: TrainingPhase["name"];
  /** Counted from 0 over all phases. */
  readonly epoch: number;
  /** Number of epochs over all phases. */
  readonly epochs: number;
  /** Number of finished batches of the epoch. */
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
   * @param checkpoint the file from which the training can continue, if there is one
   * @param epoch counted from 0
   * @param batch number of finished batches of that epoch
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
 * Trains the network through all phases of the profile, or through the rest of them after a
 * checkpoint. An interrupted and continued training ends with the same bits as an uninterrupted
 * one.
 *
 * @returns one row per epoch, including those of earlier processes
 * @throws {Interrupted} if the signal stopped it.
 * @throws {Error} if a loss or a value of the network is no longer a number (the last checkpoint
 *   is kept), if a checkpoint is damaged or belongs to another run, or if data or network do not
 *   fit the profile.
 */
export async function train(options: TrainingOptions): Promise<HistoryRow[]> {
  requireBatches(options);
  requireFittingGroups(options.experiment.profile, options.network);
  return await new TrainingRun(options).train();
}

/** A training in progress. */
class TrainingRun {
  readonly #options: TrainingOptions;
  readonly #adam: Adam;
  readonly #pace: Pace;
  #startOfEpoch = performance.now();
  /** Whether there is a checkpoint on disk. */
  #isSaved = false;
  /** The state of the training; the current epoch's seconds are those of earlier processes. */
  #state: Omit<TrainingState, "configuration" | "adamSteps"> = {
    epoch: 0,
    batch: 0,
    epochSeconds: 0,
    smoothedLoss: NO_LOSS,
    history: [],
  };

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#adam = new Adam(optimiserOf(options.experiment.profile));
    this.#pace = new Pace(options.training.batchSize);
  }

  /** Trains the remaining epochs; returns one row per epoch. */
  async train(): Promise<HistoryRow[]> {
    const epochs = totalEpochs(this.#options.experiment.profile);
    try {
      await this.#continueFromCheckpoint();
      while (this.#state.epoch < epochs) await this.#trainEpoch();
      return this.#state.history;
    } finally {
      this.#adam.clear();
    }
  }

  async #continueFromCheckpoint(): Promise<void> {
    const { checkpoint: path, network } = this.#options;
    const checkpoint = path === undefined ? undefined : await readCheckpoint(path);
    if (path === undefined || checkpoint === undefined) return;
    const { state: { configuration, adamSteps, ...state }, tensors } = checkpoint;
    requireSameConfiguration(path, configuration, configurationOf(this.#options));
    this.#requireReachable(path, state);
    const variables = network.namedVariables();
    for (const [name, variable] of variables) {
      const values = tensors.get(`${NETWORK}${name}`);
      if (values?.length !== variable.size) {
        const found = values?.length ?? "no";
        throw damaged(path, `${name} has ${found} values and not ${variable.size}`);
      }
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    }
    try {
      this.#adam.restore(adamSteps, tensors, variables);
    } catch (error) {
      throw damaged(path, messageOf(error));
    }
    this.#state = state;
    this.#isSaved = true;
  }

  /** @throws {Error} if a training of this profile on these pictures cannot reach that state */
  #requireReachable(
    path: string,
    { epoch, batch, history }: Pick<TrainingState, "epoch" | "batch" | "history">,
  ): void {
    const { experiment: { profile }, training: { batchesPerEpoch } } = this.#options;
    const epochs = totalEpochs(profile);
    const rows = history.map((row) => `${row.epoch} ${row.phase}`);
    const expected = Array.from(
      { length: Math.min(epoch, epochs) },
      (_, done) => `${done} ${phaseAt(profile, done).name}`,
    );
    if (epoch > epochs || batch > batchesPerEpoch || rows.join("\n") !== expected.join("\n")) {
      const place = `epoch ${epoch + 1} of ${epochs}, batch ${batch} of ${batchesPerEpoch}`;
      throw damaged(path, `it stands in ${place}, with a history of ${rows.length} epochs`);
    }
  }

  /** Trains the rest of the current epoch, validates, and moves on to the next. */
  async #trainEpoch(): Promise<void> {
    const { training, network, experiment, validation, signal, onEpoch } = this.#options;
    const state = this.#state;
    const phase = phaseAt(experiment.profile, state.epoch);
    this.#startOfEpoch = performance.now();
    if (state.epoch === phase.firstEpoch && state.batch === 0) {
      this.#adam.clear();
      state.smoothedLoss = NO_LOSS;
    }
    if (state.batch < training.batchesPerEpoch) await this.#trainBatches(phase);
    if (signal?.aborted) await this.#interrupt();
    const startOfValidation = performance.now();
    const result = await validate(network, experiment, validation, signal);
    if (result === undefined) return await this.#interrupt();
    if (!Number.isFinite(result.loss)) throw this.#divergence("the validation loss", result.loss);
    this.#pace.addValidation(secondsSince(startOfValidation));
    const row = this.#historyRow(phase.name, result);
    state.history.push(row);
    state.epoch++;
    state.batch = 0;
    state.epochSeconds = 0;
    this.#startOfEpoch = performance.now();
    await this.#save();
    onEpoch?.(row);
  }

  async #trainBatches(phase: PhaseInProgress): Promise<void> {
    const { training, signal } = this.#options;
    // A loss is read during the next step, so that no backend waits for it.
    let unread: tf.Scalar | undefined;
    let startOfStep = performance.now();
    try {
      const { epoch, batch: firstBatch } = this.#state;
      for await (const batch of training.epoch(epoch, firstBatch)) {
        const loss = this.#step(batch, phase);
        this.#state.batch++;
        const previous = unread;
        unread = loss;
        await this.#addLoss(previous);
        // Lets signal handlers and workers run: a backend on the CPU returns its results at once.
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
    if (this.#state.batch !== training.batchesPerEpoch && !signal?.aborted) {
      const { epoch, batch } = this.#state;
      throw new Error(
        `the training data gave ${batch} batches in epoch ${epoch + 1}, but promised ` +
          `${training.batchesPerEpoch}; check that no pictures were removed while training`,
      );
    }
  }

  /** One step of the optimiser; returns the loss before it. */
  #step(batch: Batch, phase: PhaseInProgress): tf.Scalar {
    const { network, experiment, seed, training } = this.#options;
    const step = this.#state.epoch * training.batchesPerEpoch + this.#state.batch;
    const stepsBefore = step - phase.firstEpoch * training.batchesPerEpoch;
    const position = stepsBefore / (phase.epochs * training.batchesPerEpoch);
    const { learningRate, momentum } = oneCycleStep(phase.schedule, position);
    const trained = trainedParameters(network, phase);
    return tf.tidy(() => {
      const { images, count, size } = batch;
      const input = tf.tensor4d(images, [count, size, size, 3]);
      const { value, grads } = tf.variableGrads(() => {
        const outputs = network.forward(input, { training: true, dropout: { seed, step } });
        return experiment.loss.value(outputs, batch.labels);
      }, trained.map(({ variable }) => variable));
      const steps = trained.map(({ name, group, kind, variable }) => ({
        name,
        variable,
        gradient: grads[variable.name]!,
        learningRate: learningRate(group),
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
    this.#state.smoothedLoss = withLoss(this.#state.smoothedLoss, value!);
  }

  #report({ name: phase }: PhaseInProgress): void {
    const { training: { batchesPerEpoch: batches }, experiment, onProgress } = this.#options;
    const { epoch, batch, smoothedLoss } = this.#state;
    const epochs = totalEpochs(experiment.profile);
    const epochsLeft = epochs - epoch;
    onProgress?.({
      phase,
      epoch,
      epochs,
      batch,
      batches,
      loss: smoothedValue(smoothedLoss),
      imagesPerSecond: this.#pace.imagesPerSecond(),
      secondsLeft: this.#pace.secondsLeft(epochsLeft * batches - batch, epochsLeft),
    });
  }

  #historyRow(phase: string, { loss, scores, labels }: ValidationResult): HistoryRow {
    const { experiment, labels: names } = this.#options;
    const { epoch, smoothedLoss } = this.#state;
    const na = naOutputOf(names);
    const ifTrained = (share?: number) => trainsUnknown(experiment) ? share ?? null : null;
    return {
      epoch,
      phase,
      train_loss: smoothedValue(smoothedLoss),
      valid_loss: loss,
      accuracy: accuracy(scores, labels)!,
      accuracy_without_na: ifTrained(accuracyWithoutNa(scores, labels, na)),
      accuracy_with_na: ifTrained(accuracyWithNa(scores, labels, ACCURACY_THRESHOLD, na)),
      seconds: this.#epochSeconds(),
    };
  }

  #epochSeconds(): number {
    return this.#state.epochSeconds + secondsSince(this.#startOfEpoch);
  }

  async #interrupt(): Promise<never> {
    await this.#save();
    throw new Interrupted(this.#options.checkpoint, this.#state.epoch, this.#state.batch);
  }

  async #save(): Promise<void> {
    const { checkpoint, network } = this.#options;
    if (checkpoint === undefined) return;
    const variables = [...network.namedVariables()]
      .map(([name, variable]) => [`${NETWORK}${name}`, variable] as const);
    const tensors = new Map<string, Float32Array>();
    for (const [name, tensor] of [...variables, ...this.#adam.means]) {
      const values = await tensor.data<"float32">();
      const stray = firstNotFinite(values);
      if (stray !== undefined) throw this.#divergence(`a value of ${name}`, stray);
      tensors.set(name, values);
    }
    const state = {
      configuration: configurationOf(this.#options),
      ...this.#state,
      epochSeconds: this.#epochSeconds(),
      adamSteps: this.#adam.steps,
    };
    await writeCheckpoint(checkpoint, { state, tensors });
    this.#isSaved = true;
  }

  /** @param what is no longer a number, for example `the training loss` */
  #divergence(what: string, value: number): Error {
    const { epoch, batch } = this.#state;
    const kept = this.#isSaved
      ? `${this.#options.checkpoint} keeps the last good state`
      : "nothing was saved yet";
    const place = batch === 0
      ? `by the end of epoch ${epoch}`
      : `in epoch ${epoch + 1}, by batch ${batch}`;
    return new Error(
      `${what} became ${value} ${place}; ${kept}. ` +
        "Try lower learning rates in the profile or another seed, look for odd pictures if " +
        "they are your own, or rule out the engine with `deno task checked reproduce` or " +
        "--backend cpu",
    );
  }
}

/** A loop, because `find` would take seconds for all values of a network. */
function firstNotFinite(values: Float32Array): number | undefined {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return values[i];
  }
  return undefined;
}

/** Prefix of the names of the network's tensors in a checkpoint. */
const NETWORK = "network/";

type PhaseInProgress = ReturnType<typeof phaseAt>;

/** The phase of an epoch, with its first epoch; both are counted from 0 over all phases. */
function phaseAt(profile: Profile, epoch: number): TrainingPhase & { readonly firstEpoch: number } {
  let firstEpoch = 0;
  for (const phase of profile.phases) {
    if (epoch < firstEpoch + phase.epochs) return { ...phase, firstEpoch };
    firstEpoch += phase.epochs;
  }
  throw new RangeError(`epoch ${epoch} of profile "${profile.name}", which has ${firstEpoch}`);
}

/** All settings that determine the bits of a training. */
function configurationOf(options: TrainingOptions): Configuration {
  const { experiment, network, training, validation, seed, pictures, definitions } = options;
  return JSON.parse(JSON.stringify({
    experiment: describe(experiment),
    definitions,
    seed,
    backend: tf.getBackend(),
    profile: experiment.profile,
    network: { ...network.architecture, outputs: network.outputs },
    data: {
      batchSize: training.batchSize,
      batchesPerEpoch: training.batchesPerEpoch,
      validationPictures: validation.count,
      pictures,
    },
    optimiser: optimiserOf(experiment.profile),
  }));
}

function optimiserOf({ weightDecay = FASTAI_ADAM.weightDecay }: Profile): AdamConfiguration {
  return { ...FASTAI_ADAM, weightDecay };
}

function requireBatches({ training, experiment }: TrainingOptions): void {
  const { profile } = experiment;
  if (training.batchSize > profile.batchSize) {
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
