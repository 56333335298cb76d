/**
 * Tables for those who want to look closer: thresholds, calibration, single pictures.
 *
 * @module
 */
import { GROUPS } from "../data/categories.ts";
import { imagesByRightCount } from "../evaluation/evaluate.ts";
import { learnsNaOutput } from "../evaluation/known_score.ts";
import { experimentNamed } from "../experiments.ts";
import type { ExperimentResults, Results } from "./results.ts";
import { categoryName, countedRight, left, right, RIGHT_TITLES, type Table } from "./tables.ts";
import { withOwnDirection } from "../text/text_direction.ts";
import { decimal, NO_FIGURE, percent } from "../text/wording.ts";

/** The sweep in steps of a tenth, in numbers. */
export function sweepTable(results: Results): Table {
  const images = imagesByRightCount(results.dataset.counts.test);
  const counted = countedRight(results).filter((field) => field !== "totalRight");
  const titles = counted.map((field) => RIGHT_TITLES[field]);
  const [first] = results.experiments;
  const tenths = first!.summary.thresholdSweep.flatMap(({ threshold }, index) =>
    Math.round(100 * threshold) % 10 === 0 ? [{ threshold, index }] : []
  );
  return {
    caption: `${titles.join(" / ")} at a threshold on the highest score`,
    columns: [left("threshold"), ...results.experiments.map(({ title }) => right(title))],
    rows: tenths.map(({ threshold, index }) => ({
      published: false,
      cells: [
        threshold.toFixed(1),
        ...results.experiments.map(({ summary }) =>
          counted
            .map((field) => percent(summary.thresholdSweep[index]![field].mean / images[field]))
            .join(" / ")
        ),
      ],
    })),
  };
}

/** Expected calibration errors on the known pictures. */
export function calibrationTable({ experiments }: Results): Table {
  return {
    caption: "Expected calibration error on the known test pictures",
    columns: [
      left("experiment"),
      right("of the known labels"),
      right("of all outputs, na included"),
    ],
    rows: experiments.map(({ name, title, summary: { calibration } }) => ({
      published: false,
      cells: [
        title,
        decimal(calibration?.knownLabels ?? null),
        learnsNaOutput(experimentNamed(name)) ? decimal(calibration?.allLabels ?? null) : NO_FIGURE,
      ],
    })),
  };
}

/** The pictures that an experiment errs on most; `undefined` if there is none. */
export function worstErrorTable(
  results: Results,
  { title, worstErrors }: ExperimentResults,
): Table | undefined {
  const rows = GROUPS.flatMap((group) =>
    worstErrors[group].map(({ path, category, answer, score }) => ({
      published: false,
      cells: [
        group,
        withOwnDirection(path),
        categoryName(results, category),
        categoryName(results, answer),
        score.toFixed(3),
      ],
    }))
  );
  if (rows.length === 0) return undefined;
  return {
    caption: title,
    columns: [
      left("group"),
      left("picture"),
      left("category"),
      left("wrong label"),
      right("its score"),
    ],
    rows,
  };
}

/** The pictures of the data set that could not be used; `undefined` if there is none. */
export function leftOutTable({ dataset: { leftOut } }: Results): Table | undefined {
  if (leftOut === undefined || leftOut.length === 0) return undefined;
  return {
    caption: "Pictures that were left out",
    columns: [left("picture"), left("reason")],
    rows: leftOut.map(({ path, reason }) => ({
      published: false,
      cells: [path, reason].map(withOwnDirection),
    })),
  };
}
