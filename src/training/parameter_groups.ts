/**
 * The parameters that a phase trains, and a check that it fits the network's groups.
 *
 * @module
 */
import type { Network } from "../model/network.ts";
import type { Parameter } from "../model/parameters.ts";
import type { Profile, TrainingPhase } from "../profiles.ts";
import { maxLearningRate } from "./schedule.ts";

/** The parameters that change in a phase, from input to output. */
export function trainedParameters(network: Network, { frozen }: TrainingPhase): Parameter[] {
  const groups = new Map(network.groups.map((group) => [group.name, group]));
  return network.parameters.filter(({ group, kind }) =>
    !(frozen.includes(group) && groups.get(group)!.frozenKinds.includes(kind))
  );
}

/**
 * Requires that every phase has learning rates for the network's groups, and freezes no others.
 *
 * @throws {Error} otherwise; names profile, phase, group and the existing groups
 */
export function requireFittingGroups(profile: Profile, { architecture, groups }: Network): void {
  const names = groups.map(({ name }) => name);
  const there = `network "${architecture.name}" has the groups ${names.join(", ")}`;
  for (const { name, frozen, schedule } of profile.phases) {
    const phase = `phase "${name}" of profile "${profile.name}"`;
    const unrated = names.find((group) => maxLearningRate(schedule, group) === undefined);
    if (unrated !== undefined) {
      throw new Error(
        `${phase} has no learning rate for the group "${unrated}"; ${there}: give a number for ` +
          "each, or one for all",
      );
    }
    const stray = frozen.find((group) => !names.includes(group));
    if (stray !== undefined) {
      throw new Error(
        `${phase} freezes a group "${stray}"; ${there}: freeze some of them, or none`,
      );
    }
  }
}
