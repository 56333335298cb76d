import { GROUPS } from "../../data/categories.ts";
import { numbers, type Table, tableOf, words } from "../../text/table.ts";
import { withOwnDirection } from "../../text/escaped_text.ts";
import { count, duration, listed } from "../../text/wording.ts";
import type { Results } from "../results.ts";
import { list, type Section, tables } from "../section.ts";
import { categoryName, startsAtRandom } from "../vocabulary.ts";

/** The setting of the runs: data set, experiments, machine and time. */
export const whatWasRun: Section = (results) => [
  ...list(settingFacts(results)),
  ...tables(datasetTable(results), experimentTable(results), leftOutTable(results)),
];

/** The epochs of each phase, for example `2 + 20 epochs (frozen, unfrozen)`. */
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
  const distinct = (textOf: (run: typeof runs[number]) => string) =>
    [...new Set(runs.map(textOf))].join("; ");
  const { train, test } = dataset.counts;
  const trained = train.known + train.unknown + train.unseen;
  const tested = test.known + test.unknown + test.unseen;
  const backend = distinct(({ backend: { name, threads } }) => `${name}, threads: ${threads}`);
  const machine = distinct(({ machine: { cpu, cores, memoryGiB, os } }) =>
    `${cpu}, ${cores} cores, ${Math.round(memoryGiB)} GiB, ${os}`
  );
  const versions = distinct(({ versions }) =>
    Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")
  );
  return [
    `Data set: ${dataset.name}, ${count(trained)} training and ${count(tested)} test pictures`,
    `Profile: ${profile.name}, ${profile.size} x ${profile.size} pixels` +
    `${profile.crop ? ", cropped" : ""}, batches of ` +
    `${profile.batchSize}, ${epochsText(results)}`,
    `Seeds: ${listed([...new Set(runs.map(({ seed }) => String(seed)))])}`,
    `Start: ${startText(results)}`,
    `Backend: ${backend}`,
    `Machine: ${machine}`,
    `Versions: ${versions}`,
    `Time: ${totalTime(runs.map(({ time }) => time.trainingSeconds))} of training and ` +
    `${totalTime(runs.map(({ time }) => time.testSeconds))} of testing, finished ` +
    runs.map(({ time }) => time.finished).sort().at(-1)!,
  ];
}

/** The start, for example `stem from imagewoof (0123456789abcdef), all else at random`. */
function startText(results: Results): string {
  if (startsAtRandom(results)) return "all weights at random";
  const texts = results.experiments.flatMap(({ start, runs }) =>
    runs.map(({ definitions }) => {
      const groups = Object.entries(start).map(([group, origin]) => {
        const digest = definitions?.start?.[group];
        return `${group} from ${origin}${digest === undefined ? "" : ` (${digest})`}`;
      });
      return listed([...groups, "all else at random"]);
    })
  );
  return [...new Set(texts)].join("; ");
}

/** The categories of each group with their numbers of pictures. */
function datasetTable(results: Results): Table {
  const { groups, counts } = results.dataset;
  const shown = GROUPS.filter((group) => groups[group].length > 0);
  return tableOf("The groups of the data set", shown, [
    words("group", (group) => group),
    words(
      "categories",
      (group) => listed(groups[group].map((category) => categoryName(results, category))),
    ),
    numbers("training pictures", (group) => count(counts.train[group])),
    numbers("test pictures", (group) => count(counts.test[group])),
  ]);
}

/** The training targets of pictures outside the known categories. */
const NA_TARGETS: Readonly<Record<Results["experiments"][number]["naTarget"], string>> = {
  untrained: "not trained",
  output: "an output of its own",
  zeros: "zeros at all outputs",
  uniform: "the same at all outputs",
  none: "none",
};

/** The training of each experiment, and the duration of its runs. */
function experimentTable({ experiments }: Results): Table {
  return tableOf("The experiments", experiments, [
    words("experiment", ({ title }) => title),
    words("name", ({ name }) => name),
    words("network", ({ network }) => network.name),
    words("loss", ({ loss }) => loss.title),
    words("target of na", ({ naTarget }) => NA_TARGETS[naTarget]),
    words("trained on", ({ trainingGroups }) => listed(trainingGroups)),
    words("decision", ({ decision }) => decision),
    words("seeds", ({ runs }) => runs.map(({ seed }) => seed).join(", ")),
    numbers("training time", ({ runs }) => totalTime(runs.map(({ time }) => time.trainingSeconds))),
  ]);
}

/** Pictures of the data set that could not be used. */
function leftOutTable({ dataset: { leftOut = [] } }: Results): Table {
  return tableOf("Pictures that were left out", leftOut, [
    words("picture", ({ path }) => withOwnDirection(path)),
    words("reason", ({ reason }) => withOwnDirection(reason)),
  ]);
}

function totalTime(seconds: readonly number[]): string {
  return duration(seconds.reduce((sum, value) => sum + value, 0));
}
