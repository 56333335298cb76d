/**
 * Progress of long work on stderr, so that stdout stays free for results.
 *
 * @module
 */
// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import process from "node:process";

/** Receives the progress of some work. */
export interface Progress {
  /** The first call begins the work, with the amount done before. */
  update(done: number, total: number): void;
  /** Ends the work, whether it is complete or has failed. */
  stop(): void;
}

/** A unit that turns large counts into small numbers. */
export interface Unit {
  readonly name: string;
  /** Counts per unit. */
  readonly size: number;
  /** Digits shown after the point. */
  readonly digits: number;
}

/** For counts of bytes. */
export const MEGABYTES: Unit = { name: "MB", size: 1_000_000, digits: 1 };

/** A count with its unit, such as `99.0 MB`. */
export function formatAmount(count: number, unit: Unit): string {
  return `${formatCount(count, unit)} ${unit.name}`;
}

/**
 * Starts showing the progress of some work.
 *
 * @param task the work, for example `decoding`
 * @param unit the counted things, for example `pictures`
 */
export type ShowProgress = (task: string, unit: string | Unit) => Progress;

/**
 * {@linkcode ShowProgress} with speed and time left: as a bar on a terminal, else as a plain line
 * for every tenth of the work.
 */
export function showProgress(
  task: string,
  unit: string | Unit,
  stream: ProgressStream = process.stderr,
): Progress {
  const counted = typeof unit === "string" ? { name: unit, size: 1, digits: 0 } : unit;
  const format = `${task} [{bar}] {amount} | {speed}/s | {eta_formatted} left`;
  const bar = stream.isTTY ? new SingleBar({ format, stream, hideCursor: true }) : undefined;
  let start: { done: number; at: number } | undefined;
  let tenths: number | undefined;
  return {
    update(done, total) {
      const now = performance.now();
      start ??= { done, at: now };
      const seconds = (now - start.at) / 1000;
      const perSecond = seconds > 0 ? Math.max(done - start.done, 0) / seconds : 0;
      const amount = `${formatCount(done, counted)}/${formatAmount(total, counted)}`;
      const speed = formatCount(perSecond, counted);
      if (bar !== undefined) {
        if (bar.isActive) bar.update(done, { amount, speed });
        else bar.start(total, done, { amount, speed });
        return;
      }
      const reached = Math.floor((done / total) * 10);
      tenths ??= reached;
      if (reached <= tenths) return;
      tenths = reached;
      const left = perSecond > 0 ? `${Math.ceil((total - done) / perSecond)} s left` : "";
      stream.write(`${task}: ${amount}, ${speed}/s, ${left}\n`);
    },
    stop: () => bar?.stop(),
  };
}

/** The stream that {@linkcode showProgress} writes to. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

function formatCount(count: number, { size, digits }: Unit): string {
  return (count / size).toFixed(digits);
}
