/**
 * From one unit's pictures to its measures, by every score. Pure.
 *
 * @module
 */
import type { Group } from "../data/categories.ts";
import { correctLabel } from "../data/labels.ts";
import { argmax, decidedLabels } from "../evaluation/decisions.ts";
import {
  ccrAtFpr,
  fprAt95TprOfOthers,
  type OpenSetMeasures,
  openSetMeasures,
  rankScores,
} from "../evaluation/open_set.ts";
import { energy } from "../scores/energy.ts";
import { highestScore } from "../scores/highest_score.ts";
import { knownMinusNa } from "../scores/known_minus_na.ts";
import type { Score, ScoredNetwork } from "../scores/score.ts";
import { isClosedSetCorrect } from "./closed_set.ts";
import { rejectedInValidation } from "./splits.ts";
import { acceptingThreshold, balancedThreshold } from "./thresholds.ts";
import type { UnitPicture, UnitResult } from "./unit_files.ts";

/** Known pictures against those of a group. */
export interface GroupMeasures extends OpenSetMeasures {
  /** With the group's pictures as the positives, as OpenOOD has it. */
  readonly fprAt95TprOfOthers: number;
  /** Share of known pictures that are accepted and correct where 10% of the group are accepted. */
  readonly ccrAtFpr10: number;
  /** Where 1% are accepted. */
  readonly ccrAtFpr1: number;
  /** The share of the group's pictures that the threshold rejects. */
  readonly rejected: number;
}

/** What a score makes of a unit. */
export interface ScoreMeasures {
  /** Chosen on validation pictures. */
  readonly threshold: number;
  /** AUROC of known validation pictures against those that the threshold is chosen against. */
  readonly validationAuroc: number;
  /** The share of known test pictures that the threshold accepts. */
  readonly knownAccepted: number;
  /** Of these, all that are of the category with the highest known logit as well. */
  readonly knownCorrect: number;
  /** `null` where no test picture is of the group. */
  readonly unknown: GroupMeasures | null;
  readonly unseen: GroupMeasures | null;
}

/** What is right where the highest output decides, without a threshold. */
export interface ArgmaxMeasures {
  /** The share of known test pictures that get their own category. */
  readonly knownCorrect: number;
  /** The share of the group's pictures that get `na`; `null` where there are none. */
  readonly unknown: number | null;
  readonly unseen: number | null;
}

/** The measures of a unit. */
export interface UnitMeasures {
  /** The share of known test pictures with the highest known logit at their category. */
  readonly accuracy: number;
  readonly argmax: ArgmaxMeasures;
  /** By the score's name, for those that apply. */
  readonly scores: Readonly<Record<string, ScoreMeasures>>;
}

/** The score that a training is read by where nobody chooses: its paper's. */
export function ownScore({ naTarget }: Pick<ScoredNetwork, "naTarget">): Score {
  return naTarget === "output" ? knownMinusNa : naTarget === "none" ? energy : highestScore;
}

/**
 * Thresholds and validation AUROCs come from validation pictures alone, all else from test pictures.
 *
 * @param scores those that do not apply to the unit's network, or were not fitted in its run, are
 *   left out
 */
export function measureUnit(unit: UnitResult, scores: readonly Score[]): UnitMeasures {
  const { network, test } = unit;
  const correct = test.map((picture) =>
    isClosedSetCorrect(network.labels, picture, picture.logits)
  );
  const known = test.filter(({ group }) => group === "known").length;
  return {
    accuracy: correct.filter(Boolean).length / known,
    argmax: argmaxMeasures(unit),
    scores: Object.fromEntries(scores.flatMap((score) => {
      const valueOf = valueFunction(unit, score);
      return valueOf === undefined
        ? []
        : [[score.name, scoreMeasures(unit, valueOf, correct)] as const];
    })),
  };
}

/** The threshold that validation pictures choose for a score's values. */
export function chosenThreshold(
  { experiment, config, validation }: Pick<UnitResult, "experiment" | "config" | "validation">,
  valueOf: (picture: UnitPicture) => number,
): number {
  const known = valuesIn(validation, "known", valueOf);
  if (experiment.naTarget === "untrained") return acceptingThreshold(known);
  return balancedThreshold(
    known,
    valuesIn(validation, rejectedInValidation(config.planned), valueOf),
  );
}

/** How known a picture of the unit is by a score; undefined if the unit does not have it. */
export function valueFunction(
  { network, config }: Pick<UnitResult, "network" | "config">,
  score: Score,
): ((picture: UnitPicture) => number) | undefined {
  if (!score.appliesTo(network)) return undefined;
  if (score.fit === undefined) return score.of!(network);
  if (!(score.name in config.planned.scores)) return undefined;
  return ({ fittedScores }) => fittedScores[score.name]!;
}

function argmaxMeasures({ network: { labels }, test }: UnitResult): ArgmaxMeasures {
  const given = decidedLabels(labels, test.map(({ logits }) => logits), argmax);
  const right = (group: Group) => {
    const own = test.flatMap((picture, index) =>
      picture.group === group ? [given[index] === correctLabel(picture)] : []
    );
    return own.length === 0 ? null : own.filter(Boolean).length / own.length;
  };
  return { knownCorrect: right("known")!, unknown: right("unknown"), unseen: right("unseen") };
}

function scoreMeasures(
  unit: UnitResult,
  valueOf: (picture: UnitPicture) => number,
  correct: readonly boolean[],
): ScoreMeasures {
  const { test, validation, config } = unit;
  const threshold = chosenThreshold(unit, valueOf);
  const known = valuesIn(test, "known", valueOf);
  const knownCorrect = correct.filter((_, index) => test[index]!.group === "known");
  const against = (group: Group): GroupMeasures | null => {
    const others = valuesIn(test, group, valueOf);
    if (others.length === 0) return null;
    const ranked = rankScores(known, others, knownCorrect);
    return {
      ...openSetMeasures(ranked),
      fprAt95TprOfOthers: fprAt95TprOfOthers(ranked),
      ccrAtFpr10: ccrAtFpr(ranked, 0.1),
      ccrAtFpr1: ccrAtFpr(ranked, 0.01),
      rejected: others.filter((value) => value < threshold).length / others.length,
    };
  };
  const accepted = known.map((value) => value >= threshold);
  const validated = openSetMeasures(rankScores(
    valuesIn(validation, "known", valueOf),
    valuesIn(validation, rejectedInValidation(config.planned), valueOf),
  ));
  return {
    threshold,
    validationAuroc: validated.auroc,
    knownAccepted: accepted.filter(Boolean).length / known.length,
    knownCorrect: accepted.filter((is, index) => is && knownCorrect[index]).length / known.length,
    unknown: against("unknown"),
    unseen: against("unseen"),
  };
}

function valuesIn(
  pictures: readonly UnitPicture[],
  group: Group,
  valueOf: (picture: UnitPicture) => number,
): number[] {
  return pictures.filter((picture) => picture.group === group).map(valueOf);
}
