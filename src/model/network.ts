/**
 * Definition of a network: an architecture as plain data, parameters in named groups, and a forward
 * pass from pictures to logits and features.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { checked } from "../files/misfit.ts";
import type { Activation } from "../losses/activation.ts";
import type { LossInput } from "../losses/loss.ts";
import type { LastLayer } from "../scores/score.ts";
import type { EvaluationMode, ForwardMode, Layer } from "./layers.ts";
import type { Parameter, ParameterKind, ParameterList, RunningStatistics } from "./parameters.ts";

/** Any JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A network's architecture as plain data, as in saved models and `config.json`. */
export interface Architecture {
  /** The kind of network, which defines the meaning of its options; for example `xresnet`. */
  readonly kind: string;
  /** Its usual name, for example `xresnet18`. */
  readonly name: string;
  readonly options: { readonly [option: string]: Json };
}

/** Schema of an {@linkcode Architecture}. */
export const architectureSchema: z.ZodType<Architecture> = z.object({
  kind: z.string(),
  name: z.string(),
  options: z.record(z.string(), z.json()),
}, {
  error: ({ input }) =>
    input === undefined ? "missing, as earlier versions left it out" : undefined,
});

/** A network that can be built, as in an experiment. Its JSON form is its architecture. */
export interface NetworkDefinition extends Architecture {
  /**
   * @param outputs number of logits
   * @param seed of the initial values: equal seeds give equal networks on every backend. Without
   *   one, weights are zeros, which is quicker for a network whose values are set afterwards
   * @returns a network with tensors of its own; the caller disposes it
   * @throws {Error} if it would be too large for any machine.
   */
  build(outputs: number, seed?: number): Network;
}

/** Networks that differ only in their options. */
export interface NetworkKind {
  /** The name of the kind in an {@linkcode Architecture}. */
  readonly kind: string;
  /** The networks with a name on the command line. */
  readonly networks: readonly NetworkDefinition[];
  /**
   * The network with these options, which may come from an untrusted source.
   *
   * @throws {Error} if a network of this kind cannot have them; the message says what is wrong
   */
  define(name: string, options: unknown): NetworkDefinition;
}

/** Parameters that are trained in the same way. */
export interface ParameterGroup {
  readonly name: string;
  /** The kinds of its parameters that keep their values while it is frozen. */
  readonly frozenKinds: readonly ParameterKind[];
}

/** The part of a network that evaluation needs. */
export interface Classifier {
  /** @param images [N, H, W, 3] float32, normalised; the caller disposes the result */
  forward(images: tf.Tensor4D, mode: EvaluationMode): LossInput;
  /** Frees all tensors; it cannot be used afterwards. */
  dispose(): void;
}

/** The names of two layers in every {@linkcode Network.layersModel}. */
export const STOCK_LAYERS = {
  /** The layer whose output is the features. */
  features: "features",
  /** The layer whose output is the scores and whose input is the logits. */
  scores: "scores",
} as const;

/** A network with its values. */
export interface Network extends Classifier {
  readonly architecture: Architecture;
  /** Number of logits. */
  readonly outputs: number;
  /** From input to output. */
  readonly groups: readonly ParameterGroup[];
  /** All trainable tensors, from input to output. */
  readonly parameters: readonly Parameter[];
  /** The running statistics of all batch norms, from input to output. */
  readonly statistics: readonly RunningStatistics[];
  /** Number of trainable values. */
  readonly parameterCount: number;
  /** @param images [N, H, W, 3] float32, normalised; the caller disposes the result */
  forward(images: tf.Tensor4D, mode: ForwardMode): LossInput;
  /**
   * The same network for evaluation, made of stock TensorFlow.js layers with copies of the current
   * values; the caller disposes it.
   *
   * @param size side of its pictures in pixels
   */
  layersModel(size: number, activation: Activation): tf.LayersModel;
  /**
   * Every tensor of the network by name: parameters and running statistics (`stem.0.1.mean`,
   * `stem.0.1.variance`). The variables themselves, not copies.
   */
  namedVariables(): Map<string, tf.Variable>;
  /**
   * The affine map from features to logits, with copies of the current values.
   *
   * @param features number of features
   * @throws {Error} if the map is not affine, dropout aside
   */
  lastLayer(features: number): LastLayer;
}

/** The parts of a network for {@linkcode composeNetwork}. */
export interface NetworkParts extends Pick<Network, "architecture" | "outputs" | "groups"> {
  /** The parameters of all layers; the network owns them. */
  readonly list: ParameterList;
  /** Layers in sequence from pictures [N, H, W, 3] to features [N, F]. */
  readonly body: readonly Layer[];
  /** Layers in sequence from features to logits [N, outputs]. */
  readonly classifier: readonly Layer[];
}

/**
 * A network of layers in sequence.
 *
 * @throws {Error} if a parameter belongs to a group that the network does not have.
 */
export function composeNetwork(
  { architecture, outputs, groups, list, body, classifier }: NetworkParts,
): Network {
  const { parameters, statistics } = list;
  const names = groups.map(({ name }) => name);
  const stray = parameters.find(({ group }) => !names.includes(group));
  if (stray !== undefined) {
    list.dispose();
    throw new Error(
      `${stray.name} of network "${architecture.name}" is of group "${stray.group}", which ` +
        `is not among its groups ${names.join(", ")}; add it there`,
    );
  }
  return {
    architecture,
    outputs,
    groups,
    parameters,
    statistics,
    parameterCount: parameters.reduce((count, { variable }) => count + variable.size, 0),
    forward: (images, mode) =>
      tf.tidy(() => {
        let x: tf.Tensor = images;
        for (const layer of body) x = layer.forward(x, mode);
        const features = x as tf.Tensor2D;
        for (const layer of classifier) x = layer.forward(x, mode);
        return { logits: x as tf.Tensor2D, features };
      }),
    layersModel(size, activation) {
      const inputs = tf.input({ shape: [size, size, 3] });
      let x = inputs;
      for (const layer of body) x = layer.toStock(x);
      // Computes nothing; it only gives the features a name.
      const features = tf.layers.activation({ activation: "linear", name: STOCK_LAYERS.features });
      x = features.apply(x) as tf.SymbolicTensor;
      for (const layer of classifier) x = layer.toStock(x);
      const scores = tf.layers.activation({ activation, name: STOCK_LAYERS.scores });
      return tf.model({ inputs, outputs: scores.apply(x) as tf.SymbolicTensor });
    },
    namedVariables: () => list.namedVariables(),
    lastLayer: (features) => affineMap(architecture.name, classifier, features),
    dispose: () => list.dispose(),
  };
}

/**
 * The affine map of some layers in evaluation, from their outputs for zeros and for unit vectors.
 */
function affineMap(name: string, layers: readonly Layer[], features: number): LastLayer {
  const rows = tf.tidy(() => {
    const probe = tf.linspace(-1, 1, features).expandDims(0);
    let x = tf.concat([tf.zeros([1, features]), tf.eye(features), probe]) as tf.Tensor;
    for (const layer of layers) x = layer.forward(x, { training: false });
    return (x as tf.Tensor2D).arraySync();
  });
  const [bias, probed] = [rows[0]!, rows.at(-1)!];
  const units = rows.slice(1, -1);
  const weights = bias.map((offset, output) =>
    Float32Array.from(units, (row) => row[output]! - offset)
  );
  weights.forEach((row, output) => {
    const terms = Array.from(row, (weight, i) => weight * (2 * i / Math.max(1, features - 1) - 1));
    const sum = terms.reduce((sum, term) => sum + term, bias[output]!);
    const size = terms.reduce((sum, term) => sum + Math.abs(term), Math.abs(bias[output]!));
    // Written so that NaN fails as well.
    if (Math.abs(sum - probed[output]!) <= 1e-4 * size + 1e-6) return;
    throw new Error(
      `network "${name}": its classifier is not an affine map of the features, as scores need; ` +
        "move all but the last linear layer to its body",
    );
  });
  return { weights, bias: Float32Array.from(bias) };
}

/** The most outputs of a layer. */
export const MOST_WIDTH = 4096;

/** Schema of the number of a layer's outputs: no file can ask for absurd sizes. */
export const layerWidth: z.ZodType<number> = z.int().min(1).max(MOST_WIDTH);

/** Schema of the side of a network's pictures in pixels, limited for the same reason. */
export const pictureSize: z.ZodType<number> = z.int().min(1).max(1024);

/**
 * Groups of these names. As in fastai, their batch norms are trained even while they are frozen.
 */
export function parameterGroups(...names: readonly string[]): ParameterGroup[] {
  return names.map((name) => ({ name, frozenKinds: ["convolution", "linear"] }));
}

/**
 * Options of a network that fit their schema.
 *
 * @param name of the network, for the message
 * @throws {Error} if they do not fit; the message says what is wrong
 */
export function checkedOptions<T>(schema: z.ZodType<T>, name: string, options: unknown): T {
  const result = checked(schema, options);
  if (result.misfit === undefined) return result.value;
  throw new Error(`options of network "${name}": ${result.misfit}`);
}
