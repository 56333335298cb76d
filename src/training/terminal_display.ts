/**
 * Shows the progress of training on standard error.
 *
 * @module
 */
import process from "node:process";
// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import { asOneLine } from "../text/escaped_text.ts";
import { logLine } from "../text/log_line.ts";
import { duration, percent } from "../text/wording.ts";
import type { HistoryRow } from "./history.ts";
import type { TrainingProgress } from "./trainer.ts";

/** The callbacks of a training run that show its progress. */
export interface TrainingObserver {
  readonly onProgress: (progress: TrainingProgress) => void;
  readonly onEpoch: (row: HistoryRow) => void;
  /** Removes the bar; call it however training ends. */
  readonly stop: () => void;
}

/**
 * A line for every epoch and, if standard error is a terminal, a bar that moves with every step.
 *
 * @param title of the run, for example `bcena, seed 1`
 */
export function showTraining(title: string): TrainingObserver {
  const bar = new SingleBar({
    format: `${asOneLine(title)}  {bar}  {text}`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 20,
  });
  let shown = false;
  const stop = () => {
    if (shown) bar.stop();
    shown = false;
  };
  return {
    onProgress: (progress) => {
      const done = progress.epoch * progress.batches + progress.batch;
      const text = { text: asOneLine(progressText(progress)) };
      if (shown) return bar.update(done, text);
      bar.start(progress.epochs * progress.batches, done, text);
      shown = true;
    },
    onEpoch: (row) => {
      stop();
      logLine(`${title}  ${epochText(row)}`);
    },
    stop,
  };
}

/**
 * The progress as text, for example `frozen, epoch 1/22, batch 12/80, loss 0.412, 35.1 images/s, 1
 * h 02 min left`.
 */
export function progressText(progress: TrainingProgress): string {
  const { phase, epoch, epochs, batch, batches, loss, imagesPerSecond, secondsLeft } = progress;
  return [
    phase,
    `epoch ${epoch + 1}/${epochs}`,
    `batch ${batch}/${batches}`,
    `loss ${Number.isNaN(loss) ? "-" : loss.toFixed(3)}`,
    `${imagesPerSecond.toFixed(1)} images/s`,
    `${duration(secondsLeft)} left`,
  ].join(", ");
}

/** One epoch as a line of text, epochs counted from 1. */
export function epochText(row: HistoryRow): string {
  const { accuracy_without_na: withoutNa, accuracy_with_na: withNa } = row;
  return [
    `epoch ${row.epoch + 1} (${row.phase})`,
    `train loss ${row.train_loss.toFixed(4)}`,
    `valid loss ${row.valid_loss.toFixed(4)}`,
    `accuracy ${percent(row.accuracy)}`,
    ...(withoutNa === null ? [] : [`without na ${percent(withoutNa)}`]),
    ...(withNa === null ? [] : [`with na ${percent(withNa)}`]),
    duration(row.seconds),
  ].join(", ");
}
