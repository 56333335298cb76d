/**
 * What a network is: an architecture as plain data, parameters in named groups, and a forward pass
 * from pictures to logits and features.
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

/** What JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Which network it is, as plain data: what saved models and `config.json` keep of it. */
export interface Architecture {
  /** The kind of network, which says what its options mean; for example `xresnet`. */
  readonly kind: string;
  /** What people call it, for example `xresnet18`. */
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

/** A network that can be built: what an experiment names. As JSON, it is its architecture. */
export interface NetworkDefinition extends Architecture {
  /**
   * @param outputs number of logits
   * @param seed of the initial values: equal seeds give equal networks on every backend; without
   *   one, weights are zeros, which is quicker, for a network that is given its values
   * @returns a network with tensors of its own; the caller disposes it
   * @throws {Error} if it would be too large for any machine.
   */
  build(outputs: number, seed?: number): Network;
}

/** Networks of which only the options differ. */
export interface NetworkKind {
  /** The name of the kind in an {@linkcode Architecture}. */
  readonly kind: string;
  /** Those that have a name on the command line. */
  readonly networks: readonly NetworkDefinition[];
  /**
   * The network of these options, which may come from anywhere.
   *
   * @throws {Error} if a network of this kind cannot have them; says what is wrong with them
   */
  define(name: string, options: unknown): NetworkDefinition;
}

/** Parameters that are trained alike. */
export interface ParameterGroup {
  readonly name: string;
  /** The kinds of its parameters that keep their values while it is frozen. */
  readonly frozenKinds: readonly ParameterKind[];
}

/** A network as far as evaluation needs it. */
export interface Classifier {
  /** @param images [N, H, W, 3] float32, normalised; the caller disposes the result */
  forward(images: tf.Tensor4D, mode: EvaluationMode): LossInput;
  /** Frees all tensors; it cannot be used after. */
  dispose(): void;
}

/** The names in every {@linkcode Network.layersModel} of the layers whose outputs are ... */
export const STOCK_LAYERS = {
  /** ... the features, ... */
  features: "features",
  /** ... and the scores; its input are the logits. */
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
   * The same network for evaluation, made of stock TensorFlow.js layers with copies of the values
   * of this moment; the caller disposes it.
   *
   * @param size side of its pictures in pixels
   */
  layersModel(size: number, activation: Activation): tf.LayersModel;
  /**
   * Every tensor that makes the network what it is, by name: parameters and running statistics
   * (`stem.0.1.mean`, `stem.0.1.variance`). The variables themselves, not copies.
   */
  namedVariables(): Map<string, tf.Variable>;
  /**
   * What makes logits of features, with copies of the values of this moment.
   *
   * @param features number of them
   * @throws {Error} if that is no affine map, but for dropout
   */
  lastLayer(features: number): LastLayer;
}

/** What {@linkcode composeNetwork} makes a network of. */
export interface NetworkParts extends Pick<Network, "architecture" | "outputs" | "groups"> {
  /** Of all layers; the network owns them. */
  readonly list: ParameterList;
  /** One after another from pictures [N, H, W, 3] to features [N, F]. */
  readonly body: readonly Layer[];
  /** One after another from features to logits [N, outputs]. */
  readonly classifier: readonly Layer[];
}

/**
 * A network of layers that come one after another.
 *
 * @throws {Error} if a parameter is of a group that the network does not have.
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
      // Computes nothing, but gives the features a name.
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

/** The map of some layers in evaluation, from what they make of zeros and of unit vectors. */
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
    // NaN is no agreement either.
    if (Math.abs(sum - probed[output]!) <= 1e-4 * size + 1e-6) return;
    throw new Error(
      `network "${name}": its classifier is no affine map of the features, which a score needs; ` +
        "move all but the last linear layer to its body",
    );
  });
  return { weights, bias: Float32Array.from(bias) };
}

/** The most outputs that a layer has. */
export const MOST_WIDTH = 4096;

/** Schema of the number of a layer's outputs: a foreign file cannot ask for absurd sizes. */
export const layerWidth: z.ZodType<number> = z.int().min(1).max(MOST_WIDTH);

/** Schema of the side of a network's pictures in pixels; a foreign file cannot ask for more either. */
export const pictureSize: z.ZodType<number> = z.int().min(1).max(1024);

/** Groups of those names of which, as in fastai, the batch norms train on while they are frozen. */
export function parameterGroups(...names: readonly string[]): ParameterGroup[] {
  return names.map((name) => ({ name, frozenKinds: ["convolution", "linear"] }));
}

/**
 * Options of a network that fit their schema.
 *
 * @param name of the network, for the message
 * @throws {Error} if they do not; says what is wrong with them
 */
export function checkedOptions<T>(schema: z.ZodType<T>, name: string, options: unknown): T {
  const result = checked(schema, options);
  if (result.misfit === undefined) return result.value;
  throw new Error(`options of network "${name}": ${result.misfit}`);
}
