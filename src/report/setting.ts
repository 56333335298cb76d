/**
 * What a report's runs were made with, and how that differs from the article.
 *
 * @module
 */
import { ARTICLE_SETTING } from "../article/article.ts";
import { catalogueEntry } from "../data/catalogue.ts";
import type { Results } from "./results.ts";
import { count, duration, listed } from "../text/wording.ts";

/** The runs' data set, profile, seeds, machine, software and time. */
export function settingFacts({ dataset, profile, experiments }: Results): string[] {
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
    `${profile.batchSize}, ${epochsText(runs)}`,
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

/** In what these runs differ from the article's. */
export function deviations({ dataset, profile, experiments }: Results): string[] {
  if (dataset.name !== ARTICLE_SETTING.dataset) {
    return [
      `The data set ${dataset.name} is not the article's, so its published figures do not apply.`,
    ];
  }
  const runs = experiments.flatMap((experiment) => experiment.runs);
  const scale = profile.name === ARTICLE_SETTING.profile ? [] : [
    `The profile ${profile.name} uses pictures of ${profile.size} x ${profile.size} pixels and ` +
    `${epochsText(runs)}; the article used 128 x 128 pixels and 2 + 20 epochs.`,
  ];
  const crossEntropy = experiments.find(({ name }) => name === "ce");
  const first = crossEntropy === undefined ? [] : [
    `${crossEntropy.title} is the first experiment as the article's text describes it; its ` +
    "notebook ran BCE in that place and published nothing for this one.",
  ];
  return [
    ...scale,
    "All weights start at random, the stem's too. The article asked for pretrained ones, but at " +
    "most the three convolutions of the stem can have received any.",
    "All arithmetic is in 32-bit floats; the article's GPU used 16 bits with dynamic loss scaling.",
    "The order of the training pictures, their padding and their augmentation come from this " +
    "project's own seeded random numbers, and pictures are decoded and resized by other code, so " +
    "no run repeats one of the article's exactly.",
    ...first,
    "The article's last column, called accuracy, leaves the unknown pictures out (0.835 and 0.899 " +
    "for its second and third experiment); the totals here count every test picture.",
    "The article has one run of each experiment and no intervals.",
  ];
}

/** The command that makes the report again from the predictions. */
export function reportCommand({ dataset, profile }: Results): string {
  return `deno task report ${quoted(`results/${dataset.name}-${profile.name}`)}`;
}

/** The command that trains again. */
export function reproduceCommand({ dataset, profile, experiments }: Results): string {
  const seeds = [...new Set(experiments.flatMap(({ runs }) => runs.map(({ seed }) => seed)))];
  return [
    "deno task reproduce",
    `--dataset ${catalogueEntry(dataset.name)?.name ?? "DIR"}`,
    `--profile ${quoted(profile.name)}`,
    `--only ${experiments.map(({ name }) => name).join(",")}`,
    `--seeds ${seeds.join(",")}`,
    "--fresh",
  ].join(" ");
}

/** For example `2 + 20 epochs (frozen, unfrozen)`. */
function epochsText(runs: Results["experiments"][number]["runs"]): string {
  const texts = runs.map(({ phases }) =>
    `${phases.map(({ epochs }) => epochs).join(" + ")} epochs ` +
    `(${phases.map(({ name }) => name).join(", ")})`
  );
  return listed([...new Set(texts)]);
}

/** A word of a shell command. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
