import { formatAmount, type Progress, type Unit } from "../data/progress.ts";
import { type LiveCurves, liveCurvesSvg, type LossPoint } from "../plots/live_curves.ts";
import { escapedHtml } from "../text/escaped_text.ts";
import { htmlTable, left, right, row, type Table, textTable } from "../text/table.ts";
import { duration, NO_NUMBER, percent } from "../text/wording.ts";
import type { RunDisplay } from "../reproduce.ts";
import type { HistoryRow } from "../training/history.ts";
import { progressText, type TrainingObserver } from "../training/terminal_display.ts";
import { DISPLAY, type Displayable, type liveOutput } from "./show.ts";

/** Time between two updates: readable, and too rare to slow down training. */
const UPDATE_MILLISECONDS = 1000;

/** The current work. */
interface Work {
  readonly title: string;
  readonly done: number;
  readonly total: number;
  /** Its progress in words. */
  readonly text: string;
  /** The curves of a training. */
  readonly curves?: LiveCurves;
  /** The finished epochs of a training. */
  readonly epochs: readonly HistoryRow[];
}

/**
 * Shows the current run in one place: its progress and remaining time, its losses as curves that
 * grow with every step, and its epochs as a table.
 */
export class TrainingDisplay implements RunDisplay {
  /** A line for each finished work. */
  readonly #over: string[] = [];
  #work: Work | undefined;
  #lastUpdate = -Infinity;
  #updates = Promise.resolve();
  #updateWaits = false;

  /** @param now returns the time in milliseconds */
  constructor(
    private readonly output: ReturnType<typeof liveOutput>,
    private readonly now = () => performance.now(),
  ) {}

  decoding(): Progress {
    return this.progress("decoding", "pictures");
  }

  /**
   * Shows work of any kind.
   *
   * @param task the kind of work, for example `decoding`
   * @param unit the things counted, for example `pictures`
   */
  progress(task: string, unit: string | Unit): Progress {
    const counted = typeof unit === "string" ? { name: unit, size: 1, digits: 0 } : unit;
    let text: string | undefined;
    return {
      update: (done, total) => {
        text = `${percent(total > 0 ? done / total : 1)} of ${formatAmount(total, counted)}`;
        this.#show({ title: task, done, total, text, epochs: [] });
      },
      stop: () => {
        if (text !== undefined) this.#finish(`${task}: ${text}`);
      },
    };
  }

  training(title: string): TrainingObserver {
    let epochs: HistoryRow[] = [];
    const steps: LossPoint[] = [];
    return {
      onProgress: (progress) => {
        const { epoch, batch, batches, loss } = progress;
        const done = epoch * batches + batch;
        const total = progress.epochs * batches;
        if (!Number.isNaN(loss)) steps.push([done / batches, loss]);
        const validation = epochs.map((row): LossPoint => [row.epoch + 1, row.valid_loss]);
        const curves = { epochs: progress.epochs, training: steps, validation };
        this.#show({ title, done, total, text: progressText(progress), curves, epochs });
      },
      onEpoch: (row) => epochs = [...epochs, row],
      stop: () => this.#finish(`${title}: ${resultText(epochs)}`),
    };
  }

  /**
   * Waits for the last update, which leaves one line per work.
   *
   * @throws the error of an update
   */
  async end(): Promise<void> {
    await this.#updates;
    if (this.#over.length > 0) await this.output(linesAndWork(this.#over));
  }

  #show(work: Work): void {
    this.#work = work;
    const now = this.now();
    if (this.#updateWaits || now - this.#lastUpdate < UPDATE_MILLISECONDS) return;
    this.#lastUpdate = now;
    this.#updateWaits = true;
    this.#updates = this.#updates.then(async () => {
      this.#updateWaits = false;
      await this.output(linesAndWork(this.#over, this.#work));
    });
    // end() throws the error; until then it must not end the kernel.
    this.#updates.catch(() => {});
  }

  #finish(line: string): void {
    this.#over.push(line);
    this.#work = undefined;
  }
}

function resultText(epochs: readonly HistoryRow[]): string {
  const last = epochs.at(-1);
  if (last === undefined) return "stopped before the end of an epoch";
  const seconds = epochs.reduce((sum, row) => sum + row.seconds, 0);
  return `validation loss ${last.valid_loss.toFixed(3)} and accuracy ${percent(last.accuracy)} ` +
    `after epoch ${last.epoch + 1}, ${duration(seconds)}`;
}

function linesAndWork(lines: readonly string[], work?: Work): Displayable {
  return {
    [DISPLAY]() {
      const html = lines.map((line) => `<div>${escapedHtml(line)}</div>`);
      const text = [...lines];
      if (work !== undefined) {
        const { title, done, total, epochs } = work;
        const bar = `<progress value="${done}" max="${total}"></progress>`;
        html.push(`<div><b>${escapedHtml(title)}</b> ${bar} ${escapedHtml(work.text)}</div>`);
        text.push(`${title}: ${work.text}`);
        if (work.curves !== undefined) html.push(`<div>${liveCurvesSvg(work.curves)}</div>`);
        if (epochs.length > 0) {
          html.push(htmlTable(epochTable(epochs)));
          text.push(textTable(epochTable(epochs)));
        }
      }
      return { "text/html": html.join("\n"), "text/plain": text.join("\n") };
    },
  };
}

function epochTable(epochs: readonly HistoryRow[]): Table {
  const share = (value: number | null) => value === null ? NO_NUMBER : percent(value);
  const numbers = ["training loss", "validation loss", "accuracy", "without na", "with na", "time"];
  return {
    caption: "Epochs so far, measured on the test pictures of the groups that are trained",
    columns: [right("epoch"), left("phase"), ...numbers.map(right)],
    rows: epochs.map((epoch) =>
      row(
        String(epoch.epoch + 1),
        epoch.phase,
        epoch.train_loss.toFixed(4),
        epoch.valid_loss.toFixed(4),
        share(epoch.accuracy),
        share(epoch.accuracy_without_na),
        share(epoch.accuracy_with_na),
        duration(epoch.seconds),
      )
    ),
  };
}
