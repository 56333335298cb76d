/**
 * The report as a list of sections, free of any file format.
 *
 * @module
 */
import { DECISION_NAMES } from "../evaluation/evaluate.ts";
import { answer, type Sentence } from "../article/answer.ts";
import { ARTICLE_SETTING } from "../article/article.ts";
import { calibrationTable, leftOutTable, sweepTable, worstErrorTable } from "./detail_tables.ts";
import {
  intervalTable,
  openSetDifferenceTable,
  publishedTable,
  pytorchEpochTable,
  pytorchTable,
  rightDifferenceTable,
} from "./difference_tables.ts";
import type { DrawnFigure, FigureKind } from "./figures.ts";
import { findings } from "./findings.ts";
import type { Results } from "./results.ts";
import { deviations, reportCommand, reproduceCommand, settingFacts } from "./setting.ts";
import {
  categoryTable,
  comparisonTable,
  datasetTable,
  experimentTable,
  lastEpochTable,
  openSetTable,
  rejectedGroups,
  type Table,
} from "./tables.ts";
import { count, listed } from "../text/wording.ts";

/** A report: texts are plain, each template escapes them for its format. */
export interface ReportDocument {
  readonly title: string;
  /** What must be read first: why another data set ran, what is not finished. */
  readonly notices: readonly string[];
  /** The sentences that the report opens with. */
  readonly answer: readonly Sentence[];
  readonly sections: readonly Section[];
}

/** A part of a report. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A part of a section. */
export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly entries: readonly string[] }
  /** Shell commands, one per line. */
  | { readonly kind: "commands"; readonly lines: readonly string[] }
  | { readonly kind: "table"; readonly table: Table }
  /** Figures below each other, or beside each other if they are paired. */
  | {
    readonly kind: "figures";
    readonly figures: readonly DrawnFigure[];
    readonly paired: boolean;
  }
  /** The place of the threshold explorer, in formats that can have one. */
  | { readonly kind: "explorer" };

/** Puts tables, figures and sentences in the order of the report. */
export function reportDocument(
  results: Results,
  figures: readonly DrawnFigure[],
): ReportDocument {
  const figuresOf = (kind: FigureKind, paired = false): Block => ({
    kind: "figures",
    figures: figures.filter((figure) => figure.kind === kind),
    paired,
  });
  return {
    title: `Classifying the unknown: ${results.dataset.name}, profile ${results.profile.name}`,
    notices: notices(results),
    answer: answer(results),
    sections: [
      {
        title: "Comparison",
        blocks: [
          paragraph(
            "By argmax the highest score decides, and a picture is rejected if that is the score " +
              "of na. At a threshold a picture is also rejected if its highest score is below the " +
              "threshold." + spreadNote(results),
          ),
          ...publishedNote(results),
          table(comparisonTable(results)),
          ...(results.published.length === 0 ? [] : [table(publishedTable(results))]),
          table(intervalTable(results)),
        ],
      },
      { title: "What the figures say", blocks: [{ kind: "list", entries: findings(results) }] },
      {
        title: "Confusion matrices",
        blocks: [
          paragraph(
            "Each cell holds a number of pictures; its shade is the share of its row. Where there " +
              "are several seeds, it is their mean.",
          ),
          figuresOf("confusion", true),
        ],
      },
      {
        title: "Training",
        blocks: [table(lastEpochTable(results)), figuresOf("training")],
      },
      ...pytorchSection(results),
      {
        title: "Every threshold",
        blocks: [{ kind: "explorer" }, figuresOf("thresholds"), table(sweepTable(results))],
      },
      ...openSetSection(results, figuresOf("open set")),
      ...differenceSection(results),
      {
        title: "Calibration",
        blocks: [
          paragraph(
            "Is a score a probability: are 80% of the pictures scored .8 right? Known pictures are " +
              "put into 15 bins of equal width by their highest score; the expected calibration " +
              "error is the distance of mean score and share that is right, averaged over all " +
              "pictures (Guo et al., 2017). The first column takes the known labels alone. The " +
              "second one takes the highest of all outputs, and a known picture called na is wrong.",
          ),
          table(calibrationTable(results)),
          figuresOf("calibration"),
        ],
      },
      {
        title: "Categories",
        blocks: DECISION_NAMES.map((decision) => table(categoryTable(results, decision))),
      },
      {
        title: "Pictures it errs on most",
        blocks: [
          paragraph(
            "The pictures of each group whose wrong label scores highest; scores are means over " +
              "the seeds. For unknown and unseen pictures every known label is wrong.",
          ),
          ...results.experiments.flatMap((experiment) => {
            const errors = worstErrorTable(results, experiment);
            return errors === undefined ? [] : [table(errors)];
          }),
        ],
      },
      {
        title: "What was run",
        blocks: [
          { kind: "list", entries: settingFacts(results) },
          table(datasetTable(results)),
          table(experimentTable(results)),
          ...leftOut(results),
        ],
      },
      {
        title: "Deviations from the article",
        blocks: [{ kind: "list", entries: deviations(results) }],
      },
      {
        title: "How to compute this again",
        blocks: [
          paragraph(
            "Each run's predictions.csv has every test picture with its scores; every figure here " +
              "follows from these files, and results.json has them all. The first command makes " +
              "this report again from the predictions, the second one trains again.",
          ),
          { kind: "commands", lines: [reportCommand(results), reproduceCommand(results)] },
        ],
      },
    ],
  };
}

function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

function table(table: Table): Block {
  return { kind: "table", table };
}

function notices({ dataset: { substitution, leftOut }, unfinishedRuns }: Results): string[] {
  return [
    ...(substitution === undefined ? [] : [substitution]),
    ...(leftOut === undefined || leftOut.length === 0 ? [] : [
      `${count(leftOut.length)} ${leftOut.length === 1 ? "picture was" : "pictures were"} left ` +
      "out because they could not be used; they are listed under What was run.",
    ]),
    ...(unfinishedRuns.length === 0 ? [] : [
      `Not finished when this report was made, and left out: ${listed(unfinishedRuns)}.`,
    ]),
  ];
}

function spreadNote({ experiments }: Results): string {
  return experiments.some(({ runs }) => runs.length > 1)
    ? " Figures of several seeds are their mean ± standard deviation."
    : "";
}

function publishedNote({ dataset, profile }: Results): Block[] {
  if (dataset.name !== ARTICLE_SETTING.dataset) return [];
  const source =
    "Rows marked as published are the article's: one run each, read from the outputs " +
    "of its notebook. It has no figures for the places with a dash.";
  return profile.name === ARTICLE_SETTING.profile ? [paragraph(source)] : [
    paragraph(
      `${source} They were made at the article's scale, which the profile ${profile.name} is ` +
        "not, and stand here for orientation only.",
    ),
  ];
}

function pytorchSection(results: Results): Section[] {
  if (results.pytorch.length === 0) return [];
  const counts = pytorchTable(results);
  return [{
    title: "Checked against PyTorch",
    blocks: [
      paragraph(
        "Is a distance from the article our code's, or that of the setting? Another program ran " +
          "the same protocol in PyTorch 1.13: on a CPU, in 32-bit floats, with all weights random " +
          "at the start as here, but with code and random numbers of its own. There is one run of " +
          "it for each experiment below, so a point or two may be chance, more in early epochs. " +
          "(From the same start and on the same batches, PyTorch and this project train alike: " +
          "tests/training/trainer_pytorch_test.ts.)",
      ),
      table(pytorchEpochTable(results)),
      ...(counts.rows.length === 0 ? [] : [table(counts)]),
    ],
  }];
}

function openSetSection(results: Results, figures: Block): Section[] {
  if (rejectedGroups(results).length === 0) return [];
  return [{
    title: "Known against other pictures",
    blocks: [
      paragraph(
        "These figures need no threshold: they take a score as the sign that a picture is known " +
          "and look at all thresholds. It is the highest score of a known label; for a network " +
          "that learns na with an output of its own also that score minus the score of na, which " +
          "is not below 0 where argmax accepts.",
      ),
      paragraph(
        "AUROC: how often a known picture scores above another one. AUPR: average precision of " +
          "finding the known pictures (in) or the others (out). FPR at 95% TPR: the share of " +
          "other pictures that are accepted when 95% of the known ones are; the lower, the " +
          "better. OSCR area: the area under the curve of known pictures that are accepted and " +
          "right over other pictures that are accepted.",
      ),
      table(openSetTable(results)),
      figures,
    ],
  }];
}

function differenceSection(results: Results): Section[] {
  const { differences, resamples } = results;
  if (differences.length === 0) return [];
  return [{
    title: "Differences between the experiments",
    blocks: [
      paragraph(
        "All experiments were tested on the same pictures. In brackets are 95% intervals from " +
          `${count(resamples)} resamples of these pictures, drawn within each group and the same ` +
          "for all experiments (paired percentile bootstrap). They tell how the differences of " +
          "these very networks could be on other pictures of the same kind. How they could be " +
          "with other networks is told by the standard deviation over the seeds, behind ±, where " +
          "there are several.",
      ),
      table(rightDifferenceTable(results)),
      ...(rejectedGroups(results).length === 0 ? [] : [table(openSetDifferenceTable(results))]),
    ],
  }];
}

function leftOut(results: Results): Block[] {
  const pictures = leftOutTable(results);
  return pictures === undefined ? [] : [table(pictures)];
}
