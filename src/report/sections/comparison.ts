import { imagesByCount } from "../../evaluation/measures.ts";
import type { Summary } from "../../evaluation/statistics.ts";
import {
  left,
  numbers,
  right,
  type Row,
  row,
  type Table,
  tableOf,
  words,
} from "../../text/table.ts";
import {
  count,
  countWithShare,
  listed,
  NO_NUMBER,
  percent,
  percentInterval,
  shareOf,
} from "../../text/wording.ts";
import type { ReportContext } from "../context.ts";
import { referencesFor } from "../reference.ts";
import type { Results } from "../results.ts";
import { type Block, paragraph, type Section, tables } from "../section.ts";
import { COUNT_TITLES, countedCorrect, decisionsOf } from "../vocabulary.ts";

/** Accuracies and rejection rates of every experiment by every decision. */
export const comparison: Section = (results, _runs, context) => [
  paragraph(
    "By argmax the highest score decides, and a picture is rejected if that is the score of na. " +
      "At a threshold a picture is also rejected if its highest score is below the threshold." +
      spreadNote(results),
  ),
  ...publicationNote(results, context),
  ...tables(comparisonTable(results), intervalTable(results)),
];

/**
 * Correct pictures of every experiment by every decision. Published counts follow below the row
 * they are compared with.
 */
export function comparisonTable(results: Results): Table {
  return correctPictures(results, "as counts and as shares of their group", countWithShare);
}

/**
 * Every experiment by its own decision, and by each decision with a complete set of published
 * counts; published shares follow ours in brackets.
 */
export function ownDecisionTable(results: Results): Table {
  const images = imagesByCount(results.dataset.counts.test);
  const counted = countedCorrect(results);
  const published = (experiment: string, decision: string) =>
    results.references.filter((reference) =>
      reference.published && reference.experiment === experiment
    ).flatMap(({ source, counts }) =>
      counts.filter((reported) => reported.decision === decision)
        .map((reported) => ({ source, ...reported }))
    );
  const entries = results.experiments.flatMap(({ name, title, decision, summary }) => {
    const others = Object.keys(summary.decisions).filter((other) =>
      other !== decision && published(name, other).length >= counted.length
    );
    return [decision, ...others].map((decision) => ({
      title,
      decision,
      counts: summary.decisions[decision]!,
      published: published(name, decision),
    }));
  });
  const sources = new Set(
    entries.flatMap(({ published }) => published.map(({ source }) => source)),
  );
  return tableOf(
    "Each experiment at its own decision: shares of test pictures whose label is correct" +
      (sources.size === 0 ? "" : `; in brackets the published ones (${listed([...sources])})`),
    entries,
    [
      words("experiment", ({ title }) => title),
      words("decision", ({ decision }) => decision),
      ...counted.map((measure) =>
        numbers<typeof entries[number]>(COUNT_TITLES[measure], ({ counts, published }) => {
          const others = published.filter((count) => count.measure === measure)
            .map(({ reported, reportedImages }) => ` (${percent(reported / reportedImages)})`);
          return shareOf(counts[measure], images[measure]) + others.join("");
        })
      ),
    ],
  );
}

/** The {@linkcode comparisonTable} in shares alone, for narrow pages. */
export function shareTable(results: Results): Table {
  return correctPictures(results, "as shares of their group", shareOf);
}

function spreadNote({ experiments }: Results): string {
  return experiments.some(({ runs }) => runs.length > 1)
    ? " Numbers of several seeds are their mean ± standard deviation."
    : "";
}

function publicationNote(results: Results, { references }: ReportContext): Block[] {
  const published = referencesFor(references, results).filter((reference) => reference.published);
  const others = published.filter(({ profiles }) => !profiles.includes(results.profile.name));
  if (published.length === 0) return [];
  return [paragraph(
    `Rows named ${listed(published.map(({ source }) => source))} are published results, with a ` +
      "dash where none was reported; how they were made is told further below." +
      others.map(({ source, profiles }) =>
        ` Those of ${source} come from the profile ${profiles[0]} and not from ` +
        `${results.profile.name}; they stand here for orientation only.`
      ).join(""),
  )];
}

/** Formats a count of pictures, given the total number of pictures. */
type WrittenCount = (count: Summary, all: number) => string;

function correctPictures(results: Results, form: string, written: WrittenCount): Table {
  const images = imagesByCount(results.dataset.counts.test);
  const counted = countedCorrect(results);
  return {
    caption: `Test pictures whose label is correct, ${form}`,
    columns: [
      left("experiment"),
      left("decision"),
      ...counted.map((measure) => right(`${COUNT_TITLES[measure]} (of ${count(images[measure])})`)),
    ],
    rows: decided(results).flatMap(({ name, title, decision, summary }) => {
      const counts = summary.decisions[decision]!;
      return [
        row(
          title,
          decision,
          ...counted.map((measure) => written(counts[measure], images[measure])),
        ),
        ...publishedRows(results, name, decision, written),
      ];
    }),
  };
}

function publishedRows(
  results: Results,
  experiment: string,
  decision: string,
  written: WrittenCount,
): Row[] {
  return results.references.flatMap((reference) => {
    const counts = reference.counts.filter((reported) => reported.decision === decision);
    const isRow = reference.published && reference.experiment === experiment && counts.length > 0;
    if (!isRow) return [];
    const cells = countedCorrect(results).map((measure) => {
      const found = counts.find((reported) => reported.measure === measure);
      if (found === undefined) return NO_NUMBER;
      return written({ mean: found.reported, standardDeviation: null }, found.reportedImages);
    });
    return [{ published: true, cells: ["", reference.source, ...cells] }];
  });
}

/** Pairs of every experiment with each of its decisions. */
function decided(results: Results) {
  return results.experiments.flatMap((experiment) =>
    decisionsOf(results, experiment).map((decision) => ({ ...experiment, decision }))
  );
}

/** The shares of the comparison with Wilson's intervals. */
function intervalTable(results: Results): Table {
  const images = imagesByCount(results.dataset.counts.test);
  const entries = decided(results);
  return tableOf(
    "The same shares with Wilson's 95% intervals, which tell how far they may be off " +
      "because only so many pictures were tested",
    entries,
    [
      words("experiment", ({ title }) => title),
      words("decision", ({ decision }) => decision),
      ...countedCorrect(results).map((measure) =>
        numbers<typeof entries[number]>(COUNT_TITLES[measure], ({ decision, summary }) => {
          const share = percent(summary.decisions[decision]![measure].mean / images[measure]);
          return `${share} ${percentInterval(summary.intervals[decision]![measure]!)}`;
        })
      ),
    ],
  );
}
