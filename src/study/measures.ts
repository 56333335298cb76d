/**
 * The measures of one unit by every score, computed from its pictures. Pure.
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
  /** FPR at 95% TPR with the group's pictures as the positives, as in OpenOOD. */
  readonly fprAt95TprOfOthers: number;
  /** Share of known pictures that are accepted and correct when 10% of the group are accepted. */
  readonly ccrAtFpr10: number;
  /** The same when 1% of the group are accepted. */
  readonly ccrAtFpr1: number;
  /** The rejection rate of the group at the threshold. */
  readonly rejected: number;
}

/** The measures of a unit by one score. */
export interface ScoreMeasures {
  /** Chosen on validation pictures. */
  readonly threshold: number;
  /** AUROC on validation pictures: known ones against the group used to choose the threshold. */
  readonly validationAuroc: number;
  /** The share of known test pictures accepted at the threshold. */
  readonly knownAccepted: number;
  /**
   * The share of known test pictures that are accepted and whose own category has the highest known
   * logit.
   */
  readonly knownCorrect: number;
  /** `null` if the group has no test pictures. */
  readonly unknown: GroupMeasures | null;
  readonly unseen: GroupMeasures | null;
}

/** Shares of correct pictures when the highest output decides, without a threshold. */
export interface ArgmaxMeasures {
  /** The share of known test pictures labelled with their own category. */
  readonly knownCorrect: number;
  /** The share of the group's pictures labelled `na`; `null` if there are none. */
  readonly unknown: number | null;
  readonly unseen: number | null;
}

/** The measures of a unit. */
export interface UnitMeasures {
  /** The share of known test pictures whose own category has the highest known logit. */
  readonly accuracy: number;
  readonly argmax: ArgmaxMeasures;
  /** Measures by the score's name, for the scores that apply. */
  readonly scores: Readonly<Record<string, ScoreMeasures>>;
}

/** The default score of a training: the one of its paper. */
export function ownScore({ naTarget }: Pick<ScoredNetwork, "naTarget">): Score {
  return naTarget === "output" ? knownMinusNa : naTarget === "none" ? energy : highestScore;
}

/**
 * The measures of a unit. Thresholds and validation AUROCs come from validation pictures only, all
 * others from test pictures.
 *
 * @param scores scores that do not apply to the unit's network, or were not fitted in its run, are
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

/** The threshold on a score's values, chosen on validation pictures. */
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

/** Returns a picture's value of a score; undefined if the unit does not have this score. */
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
