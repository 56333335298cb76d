import { numbers, tableOf, words } from "../../text/table.ts";
import { decimalWithInterval, percentWithInterval, shareOf } from "../../text/wording.ts";
import { type CorrectCounts, imagesByCount } from "../../evaluation/measures.ts";
import { summarise } from "../../evaluation/statistics.ts";
import type { Results } from "../results.ts";
import type { Reference } from "../reference.ts";
import { type FigurePlan, figures, paragraph, type Section, tables } from "../section.ts";
import { trainingFigure } from "./training.ts";
import {
  COUNT_TITLES,
  countedCorrect,
  experimentNamed,
  rejectedGroups,
  titleOf,
} from "../vocabulary.ts";

/** The effect of the start: the same experiments, pictures and seeds with another start. */
export const otherStart: Section = (results, _runs, { references }) => {
  const { otherStart: other } = results;
  if (other === null || other.differences.length === 0) return [];
  return [
    paragraph(
      `The same experiments were trained with the profile ${other.profile}, which differs from ` +
        `${results.profile.name} in its start alone. Differences are ours minus these, in ` +
        "percentage points, on the same test pictures and seeds, with paired 95% intervals.",
    ),
    ...tables(
      tableOf(
        "What the start gives",
        rowsOf(results),
        [
          words("experiment", ({ experiment }) => titleOf(results, experiment)),
          words("decision", ({ decision }) => decision),
          words("seeds", ({ seeds }) => seeds.join(", ")),
          ...countedCorrect(results).flatMap((measure) => [
            numbers<Row>(COUNT_TITLES[measure], (row) =>
              shareOf(
                summarise(correctCounts(results, row, measure)),
                imagesByCount(results.dataset.counts.test)[measure],
              )),
            numbers<Row>("difference", ({ shares }) => percentWithInterval(shares[measure]!)),
          ]),
        ],
      ),
      tableOf(
        "The same over all thresholds",
        other.differences.flatMap(({ experiment, openSet }) =>
          rejectedGroups(results).flatMap((group) =>
            Object.entries(openSet).flatMap(([score, { [group]: measures }]) =>
              measures === null ? [] : [{ experiment, group, score, measures }]
            )
          )
        ),
        [
          words("experiment", ({ experiment }) => titleOf(results, experiment)),
          words("known against", ({ group }) => group),
          words("score", ({ score }) => results.scores[score]!),
          numbers("AUROC", ({ measures }) => decimalWithInterval(measures.auroc)),
          numbers("OSCR area", ({ measures }) => decimalWithInterval(measures.oscrArea)),
        ],
      ),
    ),
    figures(...other.differences.map((difference) => curves(results, difference, references))),
  ];
};

/** Training curves of an experiment from the other start, over the references for that profile. */
function curves(
  results: Results,
  { experiment, histories }: StartDifferences,
  references: readonly Reference[],
): FigurePlan {
  const profile = { name: results.otherStart!.profile };
  const title = `${titleOf(results, experiment)}, ${profile.name}`;
  const runs = histories.map((history) => ({ experiment: { name: experiment }, history }));
  const setting = { dataset: results.dataset, profile };
  const figure = trainingFigure(setting, { name: experiment, title }, runs, references);
  return { ...figure, name: `${figure.name}-${profile.name}` };
}

type StartDifferences = NonNullable<Results["otherStart"]>["differences"][number];

type Row = ReturnType<typeof rowsOf>[number];

function rowsOf({ otherStart: other }: Results) {
  return other!.differences.flatMap(({ experiment, seeds, decisions }) =>
    Object.entries(decisions).map(([decision, shares]) => ({ experiment, seeds, decision, shares }))
  );
}

/** Our counts with the seeds that both starts have. */
function correctCounts(
  results: Results,
  { experiment, seeds, decision }: Row,
  measure: keyof CorrectCounts,
): number[] {
  return experimentNamed(results, experiment)!.runs
    .filter(({ seed }) => seeds.includes(seed))
    .map(({ measures }) => measures.decisions[decision]![measure]);
}
