/**
 * What the runs were made with.
 *
 * @module
 */
import { GROUPS } from "../../data/categories.ts";
import { left, right, row, type Table } from "../../text/table.ts";
import { withOwnDirection } from "../../text/text_direction.ts";
import { count, duration, listed } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { type SectionMaker, tables } from "../section.ts";
import { categoryName, startsAtRandom } from "../vocabulary.ts";

/** The section on data set, experiments, machine and time. */
export const whatWasRun: SectionMaker = (results) => ({
  title: "What was run",
  blocks: [
    { kind: "list", entries: settingFacts(results) },
    ...tables(datasetTable(results), experimentTable(results)),
    ...tables(...[leftOutTable(results)].filter(({ rows }) => rows.length > 0)),
  ],
});

/** For example `2 + 20 epochs (frozen, unfrozen)`. */
export function epochsText({ experiments }: Results): string {
  const texts = experiments.flatMap(({ runs }) => runs).map(({ phases }) =>
    `${phases.map(({ epochs }) => epochs).join(" + ")} epochs ` +
    `(${phases.map(({ name }) => name).join(", ")})`
  );
  return listed([...new Set(texts)]);
}

/** The runs' data set, profile, seeds, start, machine, software and time. */
function settingFacts(results: Results): string[] {
  const { dataset, profile, experiments } = results;
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
    `${profile.batchSize}, ${epochsText(results)}`,
    `Seeds: ${listed([...new Set(runs.map(({ seed }) => String(seed)))])}`,
    ...(startsAtRandom(results) ? ["Start: all weights at random"] : []),
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

/** The categories of each group with their numbers of pictures. */
function datasetTable(results: Results): Table {
  const { groups, counts } = results.dataset;
  return {
    caption: "The groups of the data set",
    columns: [
      left("group"),
      left("categories"),
      right("training pictures"),
      right("test pictures"),
    ],
    rows: GROUPS.filter((group) => groups[group].length > 0).map((group) =>
      row(
        group,
        listed(groups[group].map((category) => categoryName(results, category))),
        count(counts.train[group]),
        count(counts.test[group]),
      )
    ),
  };
}

/** What pictures outside the known categories are trained to give. */
const NA_TARGETS: Readonly<Record<Results["experiments"][number]["naTarget"], string>> = {
  untrained: "not trained",
  output: "an output of its own",
  zeros: "zeros at all outputs",
  uniform: "the same at all outputs",
};

/** How each experiment is trained, and how long its runs took. */
function experimentTable(results: Results): Table {
  return {
    caption: "The experiments",
    columns: [
      left("experiment"),
      left("name"),
      left("network"),
      left("loss"),
      left("target of na"),
      left("trained on"),
      left("decision"),
      left("seeds"),
      right("training time"),
    ],
    rows: results.experiments.map(
      ({ title, name, network, loss, naTarget, trainingGroups, decision, runs }) =>
        row(
          title,
          name,
          network.name,
          loss.title,
          NA_TARGETS[naTarget],
          listed(trainingGroups),
          decision,
          runs.map((run) => String(run.seed)).join(", "),
          duration(runs.reduce((sum, run) => sum + run.time.trainingSeconds, 0)),
        ),
    ),
  };
}

/** The pictures of the data set that could not be used. */
function leftOutTable({ dataset: { leftOut = [] } }: Results): Table {
  return {
    caption: "Pictures that were left out",
    columns: [left("picture"), left("reason")],
    rows: leftOut.map(({ path, reason }) => row(withOwnDirection(path), withOwnDirection(reason))),
  };
}
