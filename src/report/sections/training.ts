/**
 * How losses and accuracies went over the epochs.
 *
 * @module
 */
import { REFERENCE_LOOKS, trainingCurvesPlot } from "../../plots/training_curves_plot.ts";
import type { Run } from "../../runs/read_runs.ts";
import { left, right, row, type Table } from "../../text/table.ts";
import { decimal, NO_NUMBER, shareOf } from "../../text/wording.ts";
import { type Reference, reportedOf } from "../reference.ts";
import type { ExperimentResults, Results } from "../results.ts";
import { type FigurePlan, figures, type SectionMaker, tables } from "../section.ts";

/** The section on training. */
export const training: SectionMaker = (results, runs, { references }) => ({
  title: "Training",
  blocks: [
    ...tables(lastEpochTable(results)),
    figures(
      ...results.experiments.map((experiment) =>
        trainingFigure(results, experiment, runs, references)
      ),
    ),
  ],
});

/** An experiment's epochs, over those of references with the same data set and profile. */
export function trainingFigure(
  results: Pick<Results, "dataset" | "profile">,
  { name, title }: ExperimentResults,
  runs: readonly Run[],
  references: readonly Reference[] = [],
): FigurePlan {
  const own = runs.filter(({ experiment }) => experiment.name === name);
  const others = reportedOf(references, results, name).flatMap(({ reference, run: { epochs } }) =>
    reference.profile === results.profile.name && epochs !== undefined
      ? [{ source: reference.source, epochs }]
      : []
  );
  const looks = others.map(({ source }, index) =>
    `; ${REFERENCE_LOOKS[index % REFERENCE_LOOKS.length]}: ${source}`
  );
  return {
    name: `training-${name}`,
    caption: `Losses and validation accuracies of ${title} by epoch${looks.join("")}`,
    spec: trainingCurvesPlot({
      title,
      runs: own.map(({ history }) => history),
      references: others,
    }),
  };
}

/** Losses and validation accuracies after the last epoch. */
function lastEpochTable(results: Results): Table {
  return {
    caption: "After the last epoch, on the test pictures of the groups that are trained",
    columns: [
      left("experiment"),
      right("training loss"),
      right("validation loss"),
      right("accuracy"),
      right("accuracy without na"),
      right("accuracy with na"),
    ],
    rows: results.experiments.map(({ title, summary: { lastEpoch } }) => {
      const { train_loss, valid_loss, ...accuracies } = lastEpoch;
      const { accuracy, accuracy_without_na, accuracy_with_na } = accuracies;
      return row(
        title,
        decimal(train_loss, 4),
        decimal(valid_loss, 4),
        ...[accuracy, accuracy_without_na, accuracy_with_na]
          .map((share) => share === null ? NO_NUMBER : shareOf(share, 1)),
      );
    }),
  };
}
