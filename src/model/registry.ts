/**
 * All available networks.
 *
 * @module
 */
import type { NetworkDefinition, NetworkKind } from "./network.ts";
import { PLAIN_CNNS } from "./plain_cnn.ts";
import { XRESNETS } from "./xresnet.ts";

/** A new kind of network is added by a line here. */
const KINDS: readonly NetworkKind[] = [
  XRESNETS,
  PLAIN_CNNS,
];

/** The possible kinds of saved networks, by name. */
export const NETWORK_KINDS: ReadonlyMap<string, NetworkKind> = new Map(
  KINDS.map((kind) => [kind.kind, kind]),
);

/** The networks of the command line, by name. */
export const NETWORKS: ReadonlyMap<string, NetworkDefinition> = new Map(
  KINDS.flatMap(({ networks }) => networks).map((network) => [network.name, network]),
);
