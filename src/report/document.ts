/**
 * The report as a list of sections, free of any file format.
 *
 * @module
 */
import { DECISION_NAMES } from "../evaluation/evaluate.ts";
import { ARTICLE_SETTING } from "./article.ts";
import type { DrawnFigure, FigureKind } from "./figures.ts";
import { findings } from "./findings.ts";
import type { Results } from "./results.ts";
import {
  categoryTable,
  comparisonTable,
  datasetTable,
  experimentTable,
  lastEpochTable,
  openSetTable,
  type Table,
} from "./tables.ts";
import { count, duration, listed } from "./wording.ts";

/** A report: texts are plain, each template escapes them for its format. */
export interface ReportDocument {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** A part of a report; it shows what it has, in this order. */
export interface Section {
  readonly title: string;
  readonly paragraphs?: readonly string[];
  readonly list?: readonly string[];
  /** Shell commands, one per line. */
  readonly commands?: readonly string[];
  readonly tables?: readonly Table[];
  readonly figures?: readonly DrawnFigure[];
}

/** Puts tables, figures and sentences in the order of the report. */
export function reportDocument(
  results: Results,
  figures: readonly DrawnFigure[],
): ReportDocument {
  const figuresOf = (kind: FigureKind) => figures.filter((figure) => figure.kind === kind);
  return {
    title: `Classifying the unknown: ${results.dataset.name}, profile ${results.profile.name}`,
    sections: [
      {
        title: "What was run",
        paragraphs: unfinishedNote(results),
        list: facts(results),
        tables: [datasetTable(results), experimentTable(results)],
      },
      { title: "What the figures say", list: findings(results) },
      {
        title: "Comparison",
        paragraphs: [
          "By argmax the highest score decides, and a picture is rejected if that is the score of " +
          "na. At a threshold a picture is also rejected if its highest score is below the " +
          "threshold.",
          ...publishedNote(results),
        ],
        tables: [comparisonTable(results)],
      },
      {
        title: "All thresholds",
        paragraphs: [
          "These figures take the highest score of a known label as the sign that a picture is " +
          "known. AUROC: how often a known picture scores above another one. AUPR: average " +
          "precision of finding the known pictures (in) or the others (out). FPR at 95% TPR: the " +
          "share of other pictures that are accepted when 95% of the known ones are; the lower, " +
          "the better. OSCR area: the area under the curve of known pictures that are accepted " +
          "and right over other pictures that are accepted.",
        ],
        tables: [openSetTable(results)],
        figures: figuresOf("open set"),
      },
      {
        title: "Confusion matrices",
        paragraphs: [
          "Each cell holds a number of pictures; its shade is the share of its row. Where there " +
          "are several seeds, the first one is shown.",
        ],
        figures: figuresOf("confusion"),
      },
      {
        title: "Categories",
        tables: DECISION_NAMES.map((decision) => categoryTable(results, decision)),
      },
      { title: "Training", tables: [lastEpochTable(results)], figures: figuresOf("training") },
      { title: "Deviations from the article", list: deviations(results) },
      {
        title: "How to compute this again",
        paragraphs: [
          "Each run's predictions.csv has every test picture with its scores; every figure here " +
          "follows from these files, and results.json has them all. The first command makes this " +
          "report again from the predictions, the second one trains again.",
        ],
        commands: [reportCommand(results), reproduceCommand(results)],
      },
    ],
  };
}

function facts({ dataset, profile, experiments }: Results): string[] {
  const runs = experiments.flatMap((experiment) => experiment.runs);
  const distinct = (texts: readonly string[]) => [...new Set(texts)].join("; ");
  const total = (seconds: readonly number[]) =>
    duration(seconds.reduce((sum, value) => sum + value, 0));
  const { train, test } = dataset.counts;
  const trained = train.known + train.unknown + train.unseen;
  const tested = test.known + test.unknown + test.unseen;
  return [
    `Data set: ${dataset.name}, ${count(trained)} training and ${count(tested)} test pictures`,
    `Profile: ${profile.name}, ${profile.size} x ${profile.size} pixels, batches of ` +
    `${profile.batchSize}, ${listed(epochCounts(runs))} epochs`,
    `Seeds: ${listed([...new Set(runs.map(({ seed }) => String(seed)))])}`,
    `Backend: ${
      distinct(runs.map(({ backend }) => `${backend.name}, threads: ${backend.threads}`))
    }`,
    `Machine: ${
      distinct(
        runs.map(({ machine: { cpu, cores, memoryGiB, os } }) =>
          `${cpu}, ${cores} cores, ${Math.round(memoryGiB)} GiB, ${os}`
        ),
      )
    }`,
    `Versions: ${
      distinct(
        runs.map(({ versions }) =>
          Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")
        ),
      )
    }`,
    `Time: ${total(runs.map(({ time }) => time.trainingSeconds))} of training and ` +
    `${total(runs.map(({ time }) => time.testSeconds))} of testing, finished ` +
    runs.map(({ time }) => time.finished).sort().at(-1)!,
  ];
}

function epochCounts(runs: Results["experiments"][number]["runs"]): string[] {
  return [...new Set(runs.map(({ epochs }) => String(epochs)))];
}

function unfinishedNote({ unfinishedRuns }: Results): string[] {
  if (unfinishedRuns.length === 0) return [];
  return [`Not finished when this report was made, and left out: ${listed(unfinishedRuns)}.`];
}

function publishedNote({ dataset, profile }: Results): string[] {
  if (dataset.name !== ARTICLE_SETTING.dataset) return [];
  const source =
    "Rows marked as published are the article's: one run each, read from the outputs " +
    "of its notebook. It has no figures for the places with a dash.";
  return profile.name === ARTICLE_SETTING.profile ? [source] : [
    source,
    `They were made at the article's scale, which the profile ${profile.name} is not, and stand ` +
    "here for orientation only.",
  ];
}

function deviations({ dataset, profile, experiments }: Results): string[] {
  if (dataset.name !== ARTICLE_SETTING.dataset) {
    return [
      `The data set ${dataset.name} is not the article's, so its published figures do not apply.`,
    ];
  }
  const epochs = listed(epochCounts(experiments.flatMap(({ runs }) => runs)));
  const scale = profile.name === ARTICLE_SETTING.profile ? [] : [
    `The profile ${profile.name} uses pictures of ${profile.size} x ${profile.size} pixels and ` +
    `${epochs} epochs; the article used 128 x 128 pixels and 2 + 20 epochs.`,
  ];
  const crossEntropy = experiments.find(({ name }) => name === "ce");
  const first = crossEntropy === undefined ? [] : [
    `${crossEntropy.title} is the first experiment as the article's text describes it; its ` +
    "notebook ran BCE in that place and published nothing for this one.",
  ];
  return [
    ...scale,
    "All weights start at random. The article asked for pretrained ones, but at most the three " +
    "convolutions of the stem can have received any.",
    "All arithmetic is in 32-bit floats; the article's GPU used 16 bits with dynamic loss scaling.",
    "The order of the training pictures, their padding and their augmentation come from this " +
    "project's own seeded random numbers, and pictures are decoded and resized by other code, so " +
    "no run repeats one of the article's exactly.",
    ...first,
    "The article's last column, called accuracy, leaves the unknown pictures out (0.835 and 0.899 " +
    "for its second and third experiment); the totals here count every test picture.",
  ];
}

function reportCommand({ dataset, profile }: Results): string {
  return `deno task report results/${dataset.name}-${profile.name}`;
}

/** The data sets that have a name on the command line; any other one is a folder. */
const NAMED_DATASETS: readonly string[] = [ARTICLE_SETTING.dataset, "gestures"];

function reproduceCommand({ dataset, profile, experiments }: Results): string {
  const seeds = [...new Set(experiments.flatMap(({ runs }) => runs.map(({ seed }) => seed)))];
  return [
    "deno task reproduce",
    `--dataset ${NAMED_DATASETS.includes(dataset.name) ? dataset.name : "DIR"}`,
    `--profile ${profile.name}`,
    `--only ${experiments.map(({ name }) => name).join(",")}`,
    `--seeds ${seeds.join(",")}`,
    "--fresh",
  ].join(" ");
}
