/**
 * Units as a study would leave them, of made-up pictures, without any training.
 *
 * @module
 */
import { join } from "@std/path";
import { byGroup, type Group, GROUPS, type LabelledImage } from "../../src/data/categories.ts";
import { imagesOfGroups } from "../../src/data/dataset.ts";
import { networkLabels } from "../../src/data/labels.ts";
import { describe, hasNaOutput } from "../../src/experiments.ts";
import { smoke } from "../../src/profiles.ts";
import { randomStream } from "../../src/random.ts";
import { STUDY_SCORES } from "../../src/study/scores.ts";
import { OWN_SPLIT, type StudySplit, withHeldOut } from "../../src/study/splits.ts";
import { type Training, TRAININGS } from "../../src/study/trainings.ts";
import { planUnits, type Unit, unitFolder } from "../../src/study/unit.ts";
import { type PlannedUnit, writeUnit } from "../../src/study/unit_files.ts";
import { scoresToFit } from "../../src/training/network_on_pictures.ts";

const SPLITS: readonly StudySplit[] = [
  {
    name: OWN_SPLIT,
    groups: { known: ["ant", "bee"], unknown: ["cat", "dog"], unseen: ["elk"] },
  },
  {
    name: "draw-1",
    groups: { known: ["cat", "elk"], unknown: ["ant", "bee"], unseen: ["dog"] },
  },
];

/** What synthetic units differ in from each other. */
export interface SyntheticStudy {
  readonly splits?: readonly StudySplit[];
  readonly seeds?: readonly number[];
  readonly trainings?: readonly Training[];
  /** Pictures of each category in a part. */
  readonly pictures?: number;
}

/** Writes the units of a study, with those of the first seed that have a category held out. */
export async function writeSyntheticStudy(
  out: string,
  { splits = SPLITS, seeds = [1, 2], trainings = TRAININGS, pictures = 12 }: SyntheticStudy = {},
): Promise<Unit[]> {
  const heldOut = splits.flatMap((split) => withHeldOut(split) ?? []);
  const units = [
    ...planUnits(splits, seeds, trainings),
    ...planUnits(heldOut, seeds.slice(0, 1), trainings),
  ];
  for (const unit of units) await writeSyntheticUnit(out, unit, pictures);
  return units;
}

/** Known pictures have high logits at their category, unknown ones lower ones, unseen ones between. */
export async function writeSyntheticUnit(
  out: string,
  { split, seed, training }: Unit,
  pictures: number,
): Promise<void> {
  const { candidates: [first], candidates } = training;
  const labels = networkLabels(split.groups, hasNaOutput(describe(first)));
  const fitted = scoresToFit(STUDY_SCORES, { experiment: first, labels });
  const images = (part: string, groups: readonly Group[], share = 1): LabelledImage[] =>
    groups.flatMap((group) =>
      split.groups[group].flatMap((category) =>
        Array.from({ length: Math.ceil(share * pictures) }, (_, index) => ({
          path: `${part}/${category}/${index}.png`,
          category,
          group,
        }))
      )
    );
  const stand = split.heldOut === undefined ? [] : Array.from({ length: pictures }, (_, index) => ({
    path: `train/${split.heldOut}/${index}.png`,
    category: split.heldOut!,
    group: "unseen" as const,
  }));
  const validation = [...images("train", ["known", "unknown"], 0.5), ...stand];
  const test = images("val", GROUPS);
  const counts = (all: readonly LabelledImage[]) =>
    byGroup((group) => imagesOfGroups(all, [group]).length);
  const planned: PlannedUnit = {
    split: split.name,
    ...(split.heldOut === undefined ? {} : { heldOut: split.heldOut }),
    seed,
    training: training.name,
    title: training.title,
    candidates: candidates.map((candidate) => structuredClone(describe(candidate))),
    dataset: {
      name: "synthetic",
      groups: split.groups,
      counts: { train: { known: 40, unknown: 40, unseen: 0 }, test: counts(test) },
      categoryNames: { ant: "wood ant" },
    },
    validation: counts(validation),
    profile: { ...smoke },
    labels,
    scores: Object.fromEntries(fitted.map(({ name, options = {} }) => [name, options])),
    definitions: candidates.map(() => ({})),
  };
  const uniform = randomStream("synthetic unit", split.name, seed, training.name);
  const noise = () => 3 * (uniform() + uniform() - 1);
  const outputs = (images: readonly LabelledImage[]) => ({
    images,
    logits: images.map(({ category, group }) =>
      labels.map((label) => {
        const height = label === category ? 3 : label === "na" && group === "unknown" ? 2 : 0;
        return Math.fround(height - (group === "unknown" ? 1 : 0) + noise());
      })
    ),
    fittedScores: Object.fromEntries(fitted.map(({ name }) => [
      name,
      images.map(({ group }) =>
        byGroup((own) => ({ known: 2, unknown: 0, unseen: 0.7 }[own]))[group] +
        noise()
      ),
    ])),
  });
  await writeUnit(join(unitFolder(out, { split, seed, training })), {
    config: {
      planned,
      chosen: candidates.length - 1,
      validationAreas: candidates.length === 1 ? [] : candidates.map((_, index) => index / 10),
      backend: { name: "simd", threads: 1 },
      versions: { project: "0", deno: "0", v8: "0", typescript: "0", tfjs: "0", sharp: "0" },
      machine: { cpu: "none", cores: 1, memoryGiB: 1, os: "none" },
      time: { finished: "2026-01-01T00:00:00.000Z", trainingSeconds: 1, testSeconds: 1 },
    },
    history: [{
      epoch: 0,
      phase: "scratch",
      train_loss: 1,
      valid_loss: 1,
      accuracy: 0.5,
      accuracy_without_na: null,
      accuracy_with_na: null,
      seconds: 1,
    }],
    validation: outputs(validation),
    test: outputs(test),
  });
}
