/** Small results folders with random scores, for tests of the report. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { join } from "@std/path";
import { ARTICLE_EXPERIMENTS } from "../../src/article/experiments.ts";
import { named, PROFILES } from "../../src/catalogue.ts";
import { type CategoryGroups, GROUPS, type LabelledImage } from "../../src/data/categories.ts";
import { networkLabels } from "../../src/data/labels.ts";
import {
  describe,
  type Experiment,
  type ExperimentDescription,
  hasNaOutput,
} from "../../src/experiments.ts";
import { writeWholeFile } from "../../src/files/whole_file.ts";
import { quick } from "../../src/profiles.ts";
import { writeHistory } from "../../src/runs/history_file.ts";
import { predictionsText } from "../../src/runs/predictions_file.ts";
import { type DatasetConfig, type RunConfig, writeRunConfig } from "../../src/runs/run_config.ts";
import type { HistoryRow } from "../../src/training/history.ts";

/** A data set with the names that break careless CSV, HTML and Markdown. */
export const UGLY_GROUPS = {
  known: ['a "quoted", b', "<script>alert(1)</script>", "żółw *|_` 亀"],
  unknown: ["&amp;", "x\\y"],
  unseen: ["[link](http://x)", "</script><!-- $1", "שלום, עולם", "line\u2028end\ntwo"],
};

/** A data set of plain names. */
export const SMALL_GROUPS = { known: ["k1", "k2", "k3"], unknown: ["u1", "u2"], unseen: ["s"] };

/** What can be different from run to run. */
export interface SyntheticRun {
  /** One of the article's by its name, or any. */
  readonly experiment: string | Experiment;
  readonly seed: number;
  readonly groups?: CategoryGroups;
  readonly imagesPerCategory?: number;
  readonly datasetName?: string;
  readonly datasetFolder?: string;
  readonly categoryNames?: Record<string, string>;
  readonly leftOut?: NonNullable<DatasetConfig["leftOut"]>;
  readonly substitution?: string;
  readonly profileName?: string;
}

/** Test pictures: as many of each category. */
export function syntheticImages(
  groups: CategoryGroups,
  imagesPerCategory: number,
): LabelledImage[] {
  return GROUPS.flatMap((group) =>
    groups[group].flatMap((category) =>
      Array.from({ length: imagesPerCategory }, (_, index) => ({
        path: `val/${category}/${index}.JPEG`,
        category,
        group,
      }))
    )
  );
}

/** The experiment of a synthetic run. */
export function experimentOf(
  { experiment, profileName = "quick" }: Pick<SyntheticRun, "experiment" | "profileName">,
): Experiment {
  if (typeof experiment !== "string") return experiment;
  const profile = PROFILES.find(({ name }) => name === profileName) ?? quick;
  return { ...named("experiment", ARTICLE_EXPERIMENTS, experiment), profile };
}

const PHASE = { frozen: [], schedule: quick.phases[0]!.schedule };

/** The configuration of a synthetic run. */
export function syntheticConfig(
  { experiment, seed, groups = UGLY_GROUPS, imagesPerCategory = 6, ...names }: SyntheticRun,
): RunConfig {
  const images = (group: keyof typeof groups) => groups[group].length * imagesPerCategory;
  const whole = experimentOf({ experiment, ...names });
  const { name, ...description } = describe(whole);
  return {
    experiment: name,
    ...description as RunConfigDescription,
    dataset: {
      name: names.datasetName ?? "imagenette",
      ...(names.datasetFolder ? { folder: names.datasetFolder } : {}),
      groups: {
        known: [...groups.known],
        unknown: [...groups.unknown],
        unseen: [...groups.unseen],
      },
      counts: {
        train: { known: 2 * images("known"), unknown: 2 * images("unknown"), unseen: 0 },
        test: { known: images("known"), unknown: images("unknown"), unseen: images("unseen") },
      },
      ...(names.categoryNames ? { categoryNames: names.categoryNames } : {}),
      ...(names.leftOut ? { leftOut: names.leftOut } : {}),
      ...(names.substitution ? { substitution: names.substitution } : {}),
    },
    profile: {
      name: names.profileName ?? "quick",
      size: 64,
      batchSize: 48,
      ...(whole.profile.start ? { start: whole.profile.start } : {}),
      phases: [{ ...PHASE, name: "frozen", epochs: 1 }, { ...PHASE, name: "unfrozen", epochs: 2 }],
    },
    seed,
    labels: networkLabels(groups, hasNaOutput(description)),
    backend: { name: "simd", threads: 2 },
    versions: {
      project: "0.1.0",
      deno: "2.9.6",
      v8: "14.0",
      typescript: "5.9.2",
      tfjs: "4.22.0",
      sharp: "0.35.5",
    },
    machine: { cpu: "a <fast> processor", cores: 2, memoryGiB: 23.4, os: "linux" },
    time: { finished: "2026-01-02T03:04:05.000Z", trainingSeconds: 61.5, testSeconds: 4 },
  };
}

/** What both have, but for arrays that the schema's type lets be changed. */
type RunConfigDescription = Omit<ExperimentDescription, "name" | "network"> & {
  readonly network: RunConfig["network"];
};

/** Writes the three files of a run with seeded random logits. */
export async function writeSyntheticRun(resultsFolder: string, run: SyntheticRun): Promise<void> {
  const config = syntheticConfig(run);
  const experiment = describe(experimentOf(run));
  const images = syntheticImages(config.dataset.groups, run.imagesPerCategory ?? 6);
  const folder = join(resultsFolder, experiment.name, `seed-${run.seed}`);
  const path = join(folder, "predictions.csv");
  const table = predictionsText(path, experiment, experimentOf(run).decision, {
    labels: config.labels,
    images,
    logits: syntheticLogits(config.labels, images, run.seed),
  });
  await writeWholeFile(path, table);
  await writeHistory(join(folder, "history.csv"), syntheticHistory(experiment));
  await writeRunConfig(join(folder, "config.json"), config);
}

/** Logits that favour the correct label of known pictures and low values for others. */
function syntheticLogits(
  labels: readonly string[],
  images: readonly LabelledImage[],
  seed: number,
): number[][] {
  const generator = xoroshiro128plus(seed);
  return images.map(({ category, group }) => {
    const ceiling = group === "known" ? 0.6 : group === "unknown" ? 0.55 : 0.75;
    return labels.map((label) => {
      const score = ceiling * uniformFloat64(generator) + (label === category ? 0.35 : 0);
      return Math.log(score) - Math.log1p(-score);
    });
  });
}

function syntheticHistory(experiment: ExperimentDescription): HistoryRow[] {
  const withNa = hasNaOutput(experiment);
  return [0, 1, 2].map((epoch) => ({
    epoch,
    phase: epoch === 0 ? "frozen" : "unfrozen",
    train_loss: 0.7 / (epoch + 1),
    valid_loss: 0.6 / (epoch + 1),
    accuracy: 0.5 + epoch / 10,
    accuracy_without_na: withNa ? 0.6 + epoch / 10 : null,
    accuracy_with_na: withNa ? 0.55 + epoch / 10 : null,
    seconds: 20.5,
  }));
}
