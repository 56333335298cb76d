/**
 * The files of a unit: everything the study's report needs, so that a report with other measures
 * needs no new training.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { join } from "@std/path";
import { z } from "zod";
import { type Group, GROUPS, type LabelledImage } from "../data/categories.ts";
import type { ExperimentDescription } from "../experiments.ts";
import { readCheckedJson, writeCheckedJson } from "../files/checked_json.ts";
import { readCsv, writeCsv } from "../files/csv_table.ts";
import { isFile } from "../files/path_kind.ts";
import { removeIfPresent } from "../files/remove_if_present.ts";
import { definitionsSchema } from "../runs/definitions.ts";
import { HISTORY_FILE, readHistory, writeHistory } from "../runs/history_file.ts";
import {
  asJson,
  datasetSchema,
  experimentSchema,
  profileSchema,
  provenanceSchema,
} from "../runs/run_config.ts";
import type { ScoredNetwork } from "../scores/score.ts";
import type { HistoryRow } from "../training/history.ts";

/** The unit's configuration and the course of its training. */
const CONFIG_FILE = "config.json";

/** All validation and test pictures with their logits and fitted scores; the last file written. */
const PICTURES_FILE = "pictures.csv.gz";

const REMEDY = "delete the unit's folder and run its command again";

/** The parts to which a unit's pictures belong. */
const PARTS = ["validation", "test"] as const;

const plannedSchema = z.strictObject({
  split: z.string().min(1),
  /** A category used neither for training nor for testing. */
  heldOut: z.string().optional(),
  seed: z.int().nonnegative(),
  training: z.string().min(1),
  title: z.string().min(1),
  /** The experiments among which validation pictures choose. */
  candidates: z.array(experimentSchema).min(1).readonly(),
  dataset: datasetSchema.omit({ folder: true, substitution: true, leftOut: true }),
  /** Numbers of validation pictures by group. */
  validation: datasetSchema.shape.counts.shape.train,
  profile: profileSchema,
  /** The labels of the network's outputs, in order. */
  labels: z.array(z.string()).min(1),
  /** The fitted scores by name, with their options. */
  scores: z.record(z.string(), z.record(z.string(), z.number())),
  /** Digests of definitions from outside this project, for each candidate. */
  definitions: z.array(definitionsSchema),
});

/** Everything that a unit's results depend on, except the machine. */
export type PlannedUnit = z.infer<typeof plannedSchema>;

const configSchema = z.strictObject({
  planned: plannedSchema,
  /** The index of the chosen candidate, counted from 0. */
  chosen: z.int().nonnegative(),
  /**
   * The candidates' areas under the OSCR curve on validation pictures; empty if there is only one.
   */
  validationAreas: z.array(z.number()),
  ...provenanceSchema.shape,
});

/** The content of a unit's `config.json`. */
export type UnitConfig = z.infer<typeof configSchema>;

/** A picture with the trained network's outputs for it. */
export interface UnitPicture extends LabelledImage {
  /** One per network label. */
  readonly logits: readonly number[];
  /** Values of fitted scores, by name of the score. */
  readonly fittedScores: Readonly<Record<string, number>>;
}

/** A network's outputs for some pictures, in their order. */
export interface PictureOutputs {
  readonly images: readonly LabelledImage[];
  readonly logits: readonly ArrayLike<number>[];
  /** Values by the name of the score. */
  readonly fittedScores: Readonly<Record<string, readonly number[]>>;
}

/** A finished unit. */
export interface UnitResult {
  readonly config: UnitConfig;
  /** The chosen experiment. */
  readonly experiment: ExperimentDescription;
  /** The properties of its network that scores depend on. */
  readonly network: ScoredNetwork;
  readonly history: readonly HistoryRow[];
  readonly validation: readonly UnitPicture[];
  readonly test: readonly UnitPicture[];
}

/**
 * Whether a unit is finished, judged by its files.
 *
 * @throws {Error} if it is finished but was planned differently, or its configuration is damaged
 */
export async function isFinished(folder: string, planned: PlannedUnit): Promise<boolean> {
  if (!isFile(join(folder, PICTURES_FILE))) return false;
  const path = join(folder, CONFIG_FILE);
  const { planned: there } = await readCheckedJson(path, configSchema, REMEDY);
  const here = asJson(planned);
  const other = Object.keys({ ...there, ...here }).find((key) =>
    !isDeepStrictEqual(there[key as keyof PlannedUnit], here[key])
  );
  if (other === undefined) return true;
  throw new Error(
    `${path}: a finished unit with other ${other}; choose another folder (--out), or ${REMEDY}`,
  );
}

/** Writes all files of a unit; each appears whole or not at all. */
export async function writeUnit(
  folder: string,
  unit: {
    readonly config: UnitConfig;
    readonly history: readonly HistoryRow[];
    readonly validation: PictureOutputs;
    readonly test: PictureOutputs;
  },
): Promise<void> {
  const path = join(folder, PICTURES_FILE);
  await removeIfPresent(path);
  await writeHistory(join(folder, HISTORY_FILE), unit.history);
  await writeCheckedJson(join(folder, CONFIG_FILE), configSchema, asJson(unit.config));
  const { labels, scores } = unit.config.planned;
  const names = Object.keys(scores);
  const rows = PARTS.flatMap((part) =>
    unit[part].images.map((image, index) => {
      const { path: picture, category, group } = image;
      const numbers = [
        ...Array.from(unit[part].logits[index]!),
        ...names.map((name) => unit[part].fittedScores[name]![index]!),
      ];
      return [
        part,
        picture,
        category,
        group,
        ...numbers.map((value, column) => {
          if (Number.isFinite(value)) return asWritten(value);
          const what = [...labels.map((label) => `the logit of ${label}`), ...names][column];
          throw new Error(`${path}: ${what} of ${picture} is ${value}, not a finite number`);
        }),
      ];
    })
  );
  await writeCsv(path, columnsOf(labels, names), rows);
}

/**
 * Reads a unit back; undefined if it is not finished.
 *
 * @throws {Error} that names file, line and value if a file is missing or damaged
 */
export async function readUnit(folder: string): Promise<UnitResult | undefined> {
  const path = join(folder, PICTURES_FILE);
  if (!isFile(path)) return undefined;
  const config = await readCheckedJson(join(folder, CONFIG_FILE), configSchema, REMEDY);
  const { planned: { candidates, labels, scores, dataset, validation, profile } } = config;
  const history = await readHistory(join(folder, HISTORY_FILE), profile.phases);
  const experiment = candidates[config.chosen];
  if (experiment === undefined) {
    throw new Error(
      `${join(folder, CONFIG_FILE)}: chosen is ${config.chosen}, but there are ` +
        `${candidates.length} candidates; ${REMEDY}`,
    );
  }
  const names = Object.keys(scores);
  const { columns, rows } = await readCsv(path, REMEDY);
  const expected = columnsOf(labels, names);
  if (columns.join() !== expected.join()) {
    throw new Error(`${path}, line 1: the columns are not ${expected.join()}; ${REMEDY}`);
  }
  const pictures: Record<typeof PARTS[number], UnitPicture[]> = { validation: [], test: [] };
  for (const { line, cells: [part, picture, category, group, ...cells] } of rows) {
    const damaged = (fault: string) => new Error(`${path}, line ${line}: ${fault}; ${REMEDY}`);
    if (part !== "validation" && part !== "test") throw damaged(`part is "${part}"`);
    if (!GROUPS.includes(group as Group)) throw damaged(`group is "${group}"`);
    const numbers = cells.map((cell) => cell.trim() === "" ? NaN : Number(cell));
    const stray = numbers.findIndex((value) => !Number.isFinite(value));
    if (stray >= 0) throw damaged(`${expected[4 + stray]} is "${cells[stray]}", not a number`);
    pictures[part].push({
      path: picture!,
      category: category!,
      group: group as Group,
      logits: numbers.slice(0, labels.length),
      fittedScores: Object.fromEntries(
        names.map((name, index) => [name, numbers[labels.length + index]!]),
      ),
    });
  }
  for (
    const [part, counts] of [["validation", validation], ["test", dataset.counts.test]] as const
  ) {
    for (const group of GROUPS) {
      const found = pictures[part].filter((picture) => picture.group === group).length;
      if (found === counts[group]) continue;
      throw new Error(
        `${path}: ${found} ${group} pictures of ${part}, but config.json says ${counts[group]}; ` +
          REMEDY,
      );
    }
  }
  const network = {
    labels,
    activation: experiment.activation,
    naTarget: experiment.naTarget,
  };
  return { config, experiment, network, history, ...pictures };
}

function columnsOf(labels: readonly string[], scores: readonly string[]): string[] {
  return [
    "part",
    "path",
    "category",
    "group",
    ...labels.map((label) => `logit:${label}`),
    ...scores.map((name) => `score:${name}`),
  ];
}

/** Enough digits to distinguish pictures, and few enough to keep many such files small. */
const SIGNIFICANT_DIGITS = 6;

function asWritten(value: number): string {
  return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}
