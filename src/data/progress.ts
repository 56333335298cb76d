/**
 * Progress of long work on stderr, so that stdout stays free for results.
 *
 * @module
 */
// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import process from "node:process";

/** Is told how far some work is. */
export interface Progress {
  /** The first call begins the work, with nothing done. */
  update(done: number, total: number): void;
  /** Ends the work, whether it is complete or has failed. */
  stop(): void;
}

/**
 * Shows progress with speed and time left: as a bar on a terminal, else as a plain line for every
 * tenth part.
 *
 * @param task what is being done, for example `decoding`
 * @param unit what is counted, for example `pictures`
 */
export function showProgress(
  task: string,
  unit: string,
  stream: ProgressStream = process.stderr,
): Progress {
  return stream.isTTY ? progressBar(task, unit, stream) : progressLines(task, unit, stream);
}

/** Where {@linkcode showProgress} writes. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

function progressBar(task: string, unit: string, stream: ProgressStream): Progress {
  const bar = new SingleBar({
    format: `${task} [{bar}] {value}/{total} ${unit} | {speed}/s | {eta_formatted} left`,
    stream,
    hideCursor: true,
  });
  const speed = stopwatch();
  return {
    update(done, total) {
      if (bar.isActive) bar.update(done, { speed: speed(done) });
      else bar.start(total, done, { speed: speed(done) });
    },
    stop: () => bar.stop(),
  };
}

function progressLines(task: string, unit: string, stream: ProgressStream): Progress {
  const speed = stopwatch();
  let tenths = 0;
  return {
    update(done, total) {
      const perSecond = speed(done);
      const reached = Math.floor((done / total) * 10);
      if (reached <= tenths) return;
      tenths = reached;
      const left = perSecond > 0 ? `${Math.ceil((total - done) / perSecond)} s left` : "";
      stream.write(`${task}: ${done}/${total} ${unit}, ${perSecond}/s, ${left}\n`);
    },
    stop() {},
  };
}

/** Pieces of work per second since the first call. */
function stopwatch(): (done: number) => number {
  let started: number | undefined;
  return (done) => {
    started ??= performance.now();
    const seconds = (performance.now() - started) / 1000;
    return seconds > 0 ? Math.round(done / seconds) : 0;
  };
}
