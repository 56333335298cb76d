/**
 * Starting a network from the values of a trained one, group by group.
 *
 * Source: Yosinski et al., "How transferable are features in deep neural networks?" (2014).
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import * as tf from "@tensorflow/tfjs";
import { isFile } from "../files/path_kind.ts";
import { stockWeightName } from "./layers.ts";
import type { Network } from "./network.ts";
import { MODEL_FILE, readWeights, weightsDigest } from "./saved_model.ts";

/**
 * The origin of the initial values of a network's parameter groups, by name of the group: `random`,
 * the name of a network that comes with this project ({@linkcode SHIPPED_NETWORKS}), or the folder
 * of a run or of its model. `body` stands for all groups except the last, which computes the
 * logits; a group without an entry starts at random.
 *
 * @example
 * ```ts
 * import type { Start } from "unknown/model/start.ts";
 *
 * const stem: Start = { stem: "imagewoof" };
 * const allButTheHead: Start = { body: "results/pets/bcena/seed-1" };
 * ```
 */
export type Start = Readonly<Record<string, string>>;

/** The origin of a group with random initial values. */
const RANDOM = "random";
const BODY = "body";

/** Folders of the trained networks that come with this project, by name. */
export const SHIPPED_NETWORKS: ReadonlyMap<string, string> = new Map([
  ["imagewoof", inProject("results/imagewoof-pretrain/ce/seed-1")],
]);

/** The entries of a start that name trained networks. */
function trainedEntries(start: Start): [group: string, origin: string][] {
  return Object.entries(start).filter(([, origin]) => origin !== RANDOM);
}

/**
 * Identifies a start: a digest of the values for each entry that names a trained network.
 *
 * @throws {Error} if there is no such network; the message names the file and the way out
 */
export async function startDigests(start: Start): Promise<Record<string, string>> {
  const digests = trainedEntries(start).map(async ([group, origin]) =>
    [group, await weightsDigest(modelFolder(origin))] as const
  );
  return Object.fromEntries(await Promise.all(digests));
}

/**
 * Sets the network's groups to their initial values; running statistics are set with the batch
 * norms of their group.
 *
 * @throws {Error} if the network has no such group, or a trained network is missing, damaged or has
 *   other shapes in that group; the message names the group, the folder and the way out
 */
export async function startNetwork(network: Network, start: Start): Promise<void> {
  const names = network.groups.map(({ name }) => name);
  const stray = Object.keys(start).find((group) => group !== BODY && !names.includes(group));
  if (stray !== undefined) {
    throw new Error(
      `start: network "${network.architecture.name}" has no group "${stray}"; it has ` +
        `${names.join(", ")}, and ${BODY} for all but ${names.at(-1)}`,
    );
  }
  const origins = new Map<string, string[]>();
  for (const group of names) {
    const origin = start[group] ?? (group === names.at(-1) ? RANDOM : start[BODY] ?? RANDOM);
    if (origin !== RANDOM) origins.set(origin, [...origins.get(origin) ?? [], group]);
  }
  for (const [origin, groups] of origins) await startGroups(network, groups, origin);
}

async function startGroups(
  network: Network,
  groups: readonly string[],
  origin: string,
): Promise<void> {
  const folder = modelFolder(origin);
  const { metadata, weights } = await readWeights(folder);
  try {
    for (const [name, variable] of variablesOf(network, groups)) {
      const value = weights.get(stockWeightName(name));
      const fault = value === undefined
        ? `it has no ${name}`
        : String(value.shape) !== String(variable.shape)
        ? `its ${name} has the shape [${value.shape}], not [${variable.shape}]`
        : value.dataSync().every(Number.isFinite)
        ? undefined
        : `its ${name} has values that are not finite numbers`;
      if (fault !== undefined) {
        throw new Error(
          `${folder}: ${groups.join(" and ")} of network "${network.architecture.name}" cannot ` +
            `start from this "${metadata.network.name}": ${fault}; name another network, or ` +
            `start at random (--start ${groups[0]}=${RANDOM})`,
        );
      }
      variable.assign(value!);
    }
  } finally {
    tf.dispose([...weights.values()]);
  }
}

/** Parameters and running statistics of groups, by name. */
function variablesOf(network: Network, groups: readonly string[]): [string, tf.Variable][] {
  const groupOf = new Map(network.parameters.map(({ name, group }) => [name, group]));
  // Running statistics belong to no group; like its gamma, they are named after their batch norm.
  return [...network.namedVariables()].filter(([name]) => {
    const group = groupOf.get(name) ?? groupOf.get(name.replace(/\.(mean|variance)$/, ".gamma"));
    return group !== undefined && groups.includes(group);
  });
}

/** The folder of a saved network: inside a run's folder, or the given folder itself. */
function modelFolder(origin: string): string {
  const folder = SHIPPED_NETWORKS.get(origin) ?? origin;
  const inRun = join(folder, "model");
  return isFile(join(inRun, MODEL_FILE)) ? inRun : folder;
}

function inProject(path: string): string {
  return fromFileUrl(new URL(`../../${path}`, import.meta.url));
}
