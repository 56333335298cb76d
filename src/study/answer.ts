/**
 * The opening sentences of the study's report, made from its measures. Pure.
 *
 * @module
 */
import type { RejectedGroup } from "../evaluation/measures.ts";
import type { Summary } from "../evaluation/statistics.ts";
import type { Sentence } from "../report/context.ts";
import { decimal, listed, percent, points, signedDecimal } from "../text/wording.ts";
import type { PairedDifference } from "./paired.ts";
import { CHOSEN_SCORE, REFERENCE_TRAINING, type StudyResults } from "./results_schema.ts";
import { probability, trainingTitle } from "./vocabulary.ts";

/** The significance level of rank tests. */
const LEVEL = 0.05;

/** The answer to the study's question in one sentence; {@linkcode studyAccount} has the evidence. */
export function studyAnswer(results: StudyResults): string {
  const reference = trainingTitle(results, REFERENCE_TRAINING);
  const found = comparedWithReference(results, "unseen");
  if (found === undefined) {
    return `Not enough units are finished to compare trainings with ${reference}.`;
  }
  const baseline = `${reference} (AUROC ${found.reference.mean.toFixed(3)})`;
  if (found.better.length > 0) {
    const gains = found.better.map(({ title, auroc }) => `${title} by ${auroc.mean.toFixed(3)}`);
    return `Some trainings tell unseen from known pictures better than ${baseline}: ` +
      `${listed(gains)}.`;
  }
  const { title, auroc } = found.best;
  const distance = Math.abs(auroc.mean).toFixed(3);
  return `No training tells unseen from known pictures better than ${baseline}: the best other ` +
    `one, ${title}, is ${distance} ${auroc.mean > 0 ? "higher, within chance" : "lower"}.`;
}

/** Further findings of the study, and the evidence for the answer. */
export function studyAccount(results: StudyResults): Sentence[] {
  return [
    ...lossAnswer(results, "unseen"),
    ...lossAnswer(results, "unknown"),
    ...plainAnswer(results),
    ...scoreAnswer(results),
    ...thresholdAnswer(results),
    ...varianceAnswer(results),
  ];
}

/** A training's AUROC minus that of the reference. */
interface ComparedTraining {
  readonly name: string;
  readonly title: string;
  readonly auroc: PairedDifference;
}

/** The trainings compared with the reference by their AUROCs against a group. */
interface ComparedTrainings {
  /** The AUROC of the reference. */
  readonly reference: Summary;
  /** The training with the highest AUROC besides the reference. */
  readonly best: ComparedTraining;
  /** Better than the reference by interval and rank test, the best first. */
  readonly better: readonly ComparedTraining[];
}

function comparedWithReference(
  results: StudyResults,
  group: RejectedGroup,
): ComparedTrainings | undefined {
  const reference = ownRow(results, REFERENCE_TRAINING)?.[group]?.auroc;
  const compared = results.trainingDifferences.flatMap(({ training: name, differences }) => {
    const auroc = differences[group]?.auroc;
    return auroc === undefined ? [] : [{ name, title: trainingTitle(results, name), auroc }];
  }).sort((a, b) => b.auroc.mean - a.auroc.mean);
  const [best] = compared;
  if (reference === undefined || best === undefined) return undefined;
  const better = compared.filter(({ name, auroc }) =>
    auroc.low > 0 && isBacked(results, group, name)
  );
  return { reference, best, better };
}

/** Whether a loss separates pictures of a group from known ones better than the reference does. */
function lossAnswer(results: StudyResults, group: RejectedGroup): Sentence[] {
  const found = comparedWithReference(results, group);
  if (found === undefined) return [];
  const lead = `The loss, against ${group} pictures`;
  const baseline = `${trainingTitle(results, REFERENCE_TRAINING)} (AUROC ${
    decimal(found.reference)
  })`;
  const { best, better } = found;
  const place = `over ${best.auroc.pairs} pairs of split and seed`;
  if (better.length === 0) {
    const p = correctedOf(results, group, best.name);
    const chance = p === undefined ? "" : `, corrected p ${probability(p)}`;
    return [{
      lead,
      text:
        `No training tells ${group} from known pictures better than ${baseline} beyond chance: ` +
        `the best other one, ${best.title}, differs by ${
          withRange(best.auroc)
        }${chance}, ${place}.`,
    }];
  }
  const gains = better.map(({ title, auroc }) => `${title} by ${withRange(auroc)}`);
  return [{
    lead,
    text: `Some trainings tell ${group} from known pictures better than ${baseline}: ` +
      `${gains.join(", ")}, ${place}.`,
  }];
}

/** The benefit of training with unknown pictures at all. */
function plainAnswer(results: StudyResults): Sentence[] {
  const plain = results.trainings.filter(({ trainsUnknown }) => !trainsUnknown)
    .flatMap(({ name }) => {
      const difference = results.trainingDifferences.find(({ training }) => training === name);
      const auroc = difference?.differences.unseen?.auroc;
      return auroc === undefined ? [] : [{ name, auroc }];
    })
    .toSorted((a, b) => b.auroc.mean - a.auroc.mean);
  const [best] = plain;
  if (best === undefined) return [];
  const { auroc } = best;
  const verdict = auroc.high < 0
    ? "is worse than"
    : auroc.low > 0
    ? "is better than"
    : "cannot be told from";
  return [{
    lead: "No unknown pictures in training",
    text:
      `${trainingTitle(results, best.name)} ${verdict} ${
        trainingTitle(results, REFERENCE_TRAINING)
      } ` +
      `against unseen pictures: AUROC ${withRange(auroc)}.`,
  }];
}

/** Whether another score helps more than another training. */
function scoreAnswer({ choiceDifferences, table, ...results }: StudyResults): Sentence[] {
  const [best] = table
    .filter(({ unseen, score }) => unseen !== null && score !== CHOSEN_SCORE)
    .toSorted((a, b) => b.unseen!.auroc.mean - a.unseen!.auroc.mean);
  if (best === undefined) return [];
  const gains = choiceDifferences.flatMap(({ training, differences: { unseen } }) =>
    unseen === null ? [] : [{ training, auroc: unseen.auroc }]
  );
  const helped = gains.filter(({ auroc }) => auroc.low > 0);
  const hurt = gains.filter(({ auroc }) => auroc.high < 0);
  return [{
    lead: "The score",
    text: `${trainingTitle(results, best.training)} by ${results.scores[best.score]} has the ` +
      `highest AUROC against unseen pictures: ${decimal(best.unseen!.auroc)} (found on test ` +
      `pictures). The score that validation pictures choose, in place of a training's own, helps ` +
      `${countOf(helped.length, gains.length)} and harms ${countOf(hurt.length, gains.length)}.`,
  }];
}

/** The rejection rates at thresholds chosen on validation pictures. */
function thresholdAnswer(results: StudyResults): Sentence[] {
  const reference = ownRow(results, REFERENCE_TRAINING);
  if (!reference?.unseen || !reference.unknown) return [];
  const strict = results.heldOutDifferences
    .find(({ training }) => training === REFERENCE_TRAINING)?.differences;
  const held = strict?.unseen
    ? ` Chosen against a whole category held out of training instead, it changes these by ` +
      `${points(strict.unseen.rejected.mean)} (unseen) and ` +
      `${points(strict.knownCorrect.mean)} (known).`
    : "";
  const change = results.thresholdDifferences
    .find(({ training }) => training === REFERENCE_TRAINING);
  const gained = change?.unseen
    ? ` Compared with argmax, that is ${points(change.unseen.mean)} for unseen pictures and ` +
      `${points(change.knownCorrect.mean)} for known ones.`
    : "";
  return [{
    lead: "The threshold",
    text: `Chosen on validation pictures, it lets ` +
      `${trainingTitle(results, REFERENCE_TRAINING)} reject ` +
      `${share(reference.unknown.rejected)} of the unknown and ` +
      `${share(reference.unseen.rejected)} of the unseen pictures, with ` +
      `${share(reference.knownCorrect)} of the known ones correct.${gained}${held}`,
  }];
}

function varianceAnswer({ variance: { unseen } }: StudyResults): Sentence[] {
  if (unseen === null) return [];
  const { rest, ...factors } = unseen.shares;
  const parts = Object.entries(factors)
    .sort(([, a], [, b]) => b - a)
    .map(([factor, part]) => `${percent(part)} with the ${factor}`);
  return [{
    lead: "What matters most",
    text: `The variance of the AUROC against unseen pictures goes ${parts.join(", ")}, and ` +
      `${percent(rest!)} with how these act together and chance.`,
  }];
}

/** The table row of a training by its own score. */
function ownRow({ table, trainings }: StudyResults, name: string) {
  const own = trainings.find((training) => training.name === name)?.ownScore;
  return table.find(({ training, score }) => training === name && score === own);
}

/** The corrected p-value of the rank test against the reference; undefined if it was not made. */
function correctedOf(
  { rankTests }: StudyResults,
  group: RejectedGroup,
  training: string,
): number | undefined {
  return rankTests[group]?.pairs.find(({ first, second }) =>
    [first, second].includes(training) && [first, second].includes(REFERENCE_TRAINING)
  )?.corrected;
}

function isBacked(results: StudyResults, group: RejectedGroup, training: string): boolean {
  const p = correctedOf(results, group, training);
  return p !== undefined && p < LEVEL;
}

/** A difference with its interval, for example `+0.004 (95% interval -0.002 to +0.011)`. */
function withRange({ mean, low, high }: PairedDifference): string {
  const range = `${signedDecimal(low)} to ${signedDecimal(high)}`;
  return `${signedDecimal(mean)} (95% interval ${range})`;
}

function countOf(some: number, all: number): string {
  return `${some === 0 ? "none" : some === all ? "all" : some} of ${all} trainings`;
}

function share({ mean }: { readonly mean: number }): string {
  return percent(mean);
}
