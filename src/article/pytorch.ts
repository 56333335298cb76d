/**
 * Runs of another program at this project's settings, to tell what the code does from what the
 * setting gives.
 *
 * The program follows the same protocol in PyTorch 1.13, on a CPU, in 32-bit floats and with all
 * weights random at the start, but shares no code and no random numbers with this project. There is
 * one run of each setting; the one at the article's scale was stopped after 2 + 8 epochs.
 *
 * @module
 */
import type { DecisionName, RightCounts } from "../evaluation/evaluate.ts";
import type { ExperimentName } from "../experiments.ts";
import type { EpochFigures } from "../training/history.ts";
import { ARTICLE_SETTING } from "./article.ts";
import pytorch from "./pytorch_runs.json" with { type: "json" };

/** What PyTorch's run of one experiment measured. */
export interface PytorchRun {
  /** In order over all phases. */
  readonly epochs: readonly EpochFigures[];
  /** Numbers of test pictures answered rightly; absent for a run that was stopped. */
  readonly test?: Readonly<Record<DecisionName, Omit<RightCounts, "totalRight">>>;
}

/** PyTorch's run of an experiment at a setting, if there is one. */
export function pytorchRun(
  { dataset, profile, experiment }: {
    readonly dataset: string;
    readonly profile: string;
    readonly experiment: ExperimentName;
  },
): PytorchRun | undefined {
  if (dataset !== ARTICLE_SETTING.dataset) return undefined;
  const run = pytorch.runs.find((run) => run.experiment === experiment && run.profile === profile);
  if (run === undefined) return undefined;
  const epochs = run.epochs.map((cells) =>
    Object.fromEntries(pytorch.columns.map((column, index) => [column, cells[index]]))
  ) as unknown as EpochFigures[];
  return run.test === undefined ? { epochs } : { epochs, test: run.test };
}
