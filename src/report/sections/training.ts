import type { Summary } from "../../evaluation/statistics.ts";
import { lookOf, trainingCurvesPlot } from "../../plots/training_curves_plot.ts";
import type { Run } from "../../runs/read_runs.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { decimal, NO_NUMBER, shareOf } from "../../text/wording.ts";
import { type Reference, reportedOf, type Setting } from "../reference.ts";
import type { ExperimentResults, Results } from "../results.ts";
import { type FigurePlan, figures, type Section, tables } from "../section.ts";

/** Losses and accuracies over the epochs. */
export const training: Section = (results, runs, { references }) => [
  ...tables(lastEpochTable(results)),
  figures(
    ...results.experiments.map((experiment) =>
      trainingFigure(results, experiment, runs, references)
    ),
  ),
];

/** The parts of a run needed for a figure. */
interface TrainedRun {
  readonly experiment: { readonly name: string };
  readonly history: Run["history"];
}

/** An experiment's epochs, drawn over those of references with the same data set and profile. */
export function trainingFigure(
  results: Setting,
  { name, title }: Pick<ExperimentResults, "name" | "title">,
  runs: readonly TrainedRun[],
  references: readonly Reference[] = [],
): FigurePlan {
  const own = runs.filter(({ experiment }) => experiment.name === name);
  const others = reportedOf(references, results, name).flatMap(({ reference, run: { epochs } }) =>
    reference.profiles.includes(results.profile.name) && epochs !== undefined
      ? [{ source: reference.source, epochs }]
      : []
  );
  const looks = others.map(({ source }, index) => `; ${lookOf(index)}: ${source}`);
  return {
    name: `training-${name}`,
    caption: `Losses and validation accuracies of ${title} by epoch${looks.join("")}`,
    spec: trainingCurvesPlot({ title, runs: own.map((run) => run.history), references: others }),
  };
}

/** Losses and validation accuracies after the last epoch. */
function lastEpochTable({ experiments }: Results): Table {
  const share = (value: Summary | null) => value === null ? NO_NUMBER : shareOf(value, 1);
  return tableOf(
    "After the last epoch, on the test pictures of the groups that are trained",
    experiments.map(({ title, summary }) => ({ title, ...summary.lastEpoch })),
    [
      words("experiment", ({ title }) => title),
      numbers("training loss", ({ train_loss }) => decimal(train_loss, 4)),
      numbers("validation loss", ({ valid_loss }) => decimal(valid_loss, 4)),
      numbers("accuracy", ({ accuracy }) => share(accuracy)),
      numbers("accuracy without na", ({ accuracy_without_na }) => share(accuracy_without_na)),
      numbers("accuracy with na", ({ accuracy_with_na }) => share(accuracy_with_na)),
    ],
  );
}
