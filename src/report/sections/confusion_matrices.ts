import type { Group } from "../../data/categories.ts";
import { NA } from "../../data/labels.ts";
import { argmax } from "../../evaluation/decisions.ts";
import {
  type ConfusionMatrixData,
  confusionMatrixPlot,
} from "../../plots/confusion_matrix_plot.ts";
import { type ReferenceConfusion, reportedOf } from "../reference.ts";
import type { ExperimentResults, Results } from "../results.ts";
import { type Block, type FigurePlan, paragraph, type Section } from "../section.ts";
import { categoryName, rejectedGroups } from "../vocabulary.ts";

/** Confusion matrices: the correct and predicted labels of the test pictures. */
export const confusionMatrices: Section = (results, _runs, { references }) => [
  paragraph(
    "Each cell holds a number of pictures; its shade is the share of its row. Where there are " +
      "several seeds, it is their mean.",
  ),
  ...leftOutNote(results),
  {
    kind: "figures",
    paired: true,
    figures: results.experiments.flatMap((experiment) => {
      const reported = reportedOf(references, results, experiment.name);
      return shownDecisions(experiment, reported)
        .flatMap((decision) => matricesOf(results, experiment, decision, reported));
    }),
  },
];

function leftOutNote(results: Results): Block[] {
  const { shown, all } = shownCategories(results, results.experiments[0]!);
  return shown === all ? [] : [paragraph(
    `Of ${all} known categories, the ${shown} with the most wrong pictures have rows and columns; ` +
      'what was taken for one of the others is in the column "other categories".',
  )];
}

/** The number of known categories shown in matrices. */
function shownCategories({ dataset: { groups } }: Results, { summary }: ExperimentResults) {
  return { shown: summary.confusion[argmax.name]!.known.length, all: groups.known.length };
}

/**
 * The predicted labels of the test pictures of some groups; means if there are several seeds. There
 * is a column for `na` unless only known pictures are shown and none of them is labelled `na`.
 */
export function confusionData(
  results: Results,
  { summary }: ExperimentResults,
  decision: string,
  groups: readonly Group[],
  title: string,
): ConfusionMatrixData {
  const { columns, known, unknown, unseen } = summary.confusion[decision]!;
  const rows = { known, unknown: [unknown], unseen: [unseen] };
  const counts = groups.flatMap((group) => rows[group]).map((row) => row.map(({ mean }) => mean));
  const names = columns.map((column) => categoryName(results, column));
  const naColumn = columns.indexOf(NA);
  const onlyKnown = groups.every((group) => group === "known");
  const width = onlyKnown && counts.every((row) => row[naColumn] === 0) ? naColumn : columns.length;
  return {
    title,
    actual: groups.flatMap((group) => group === "known" ? names.slice(0, known.length) : [group]),
    predicted: names.slice(0, width),
    counts: counts.map((row) => row.slice(0, width)),
  };
}

/** Names the seed of a matrix's counts, or the seeds they are averaged over. */
export function seedsText({ runs }: ExperimentResults): string {
  return runs.length === 1 ? `seed ${runs[0]!.seed}` : `mean of ${runs.length} seeds`;
}

/** Argmax, the experiment's own decision, and the decisions of reported matrices. */
function shownDecisions(
  { decision, summary }: ExperimentResults,
  reported: ReturnType<typeof reportedOf>,
): string[] {
  const others = reported.flatMap(({ run }) => Object.keys(run.confusions ?? {}));
  return [...new Set([argmax.name, decision, ...others])]
    .filter((name) => summary.confusion[name] !== undefined);
}

function matricesOf(
  results: Results,
  experiment: ExperimentResults,
  decision: string,
  reported: ReturnType<typeof reportedOf>,
): FigurePlan[] {
  const title = `${experiment.title}, ${decision}`;
  const plan = (form: string, pictures: string, data: ConfusionMatrixData): FigurePlan => ({
    name: `confusion-${experiment.name}-${inFileName(decision)}-${form}`,
    caption: `Confusion matrix of ${title}, ${pictures}`,
    spec: confusionMatrixPlot(data),
  });
  const { shown, all: categories } = shownCategories(results, experiment);
  const seeds = seedsText(experiment) +
    (shown === categories ? "" : `, the ${shown} most confused of ${categories} categories`);
  const ours = (form: string, pictures: string, groups: readonly Group[]) =>
    plan(
      form,
      `${pictures}, ${seeds}`,
      confusionData(results, experiment, decision, groups, `${title}: ${form}, ${seeds}`),
    );
  const known = ours("known", "known pictures only", ["known"]);
  const all = ours("all", "all test pictures", ["known", ...rejectedGroups(results)]);
  const others = reported.flatMap(({ reference: { source }, run }) => {
    const confusion = run.confusions?.[decision];
    if (confusion === undefined || !hasRowsOf(results, confusion)) return [];
    const data = reportedData(results, confusion, `${title}: ${source}`);
    return [{ confusion, figure: plan(inFileName(source), `as reported by ${source}`, data) }];
  });
  const reports = others.map(({ figure }) => figure);
  const ofKnownAlone = others.length === 0 ||
    others[0]!.confusion.rows.length === results.dataset.groups.known.length;
  const row = ofKnownAlone ? [known, ...reports, all] : [all, ...reports, known];
  return row.map((figure, index) => ({ ...figure, startsRow: index === 0 }));
}

function inFileName(words: string): string {
  return words.replaceAll(/[^\p{L}\p{N}.]+/gu, "-");
}

/** Whether a reported matrix has the known categories of these results. */
export function hasRowsOf(
  { dataset: { groups } }: Results,
  { known }: ReferenceConfusion,
): boolean {
  return known.join() === [...groups.known].sort().join();
}

function reportedData(
  results: Results,
  { known, rows }: ReferenceConfusion,
  title: string,
): ConfusionMatrixData {
  const names = known.map((category) => categoryName(results, category));
  return {
    title,
    actual: [...names, "unknown", "unseen"].slice(0, rows.length),
    predicted: [...names, categoryName(results, NA)],
    counts: rows,
  };
}
