import type * as tf from "@tensorflow/tfjs-core";
import type { ForwardMode, Parameter, RunningStatistics } from "./layers.ts";
export interface NetworkOutputs {
  readonly logits: tf.Tensor2D;
  readonly features: tf.Tensor2D;
}
export type Json = string | number | boolean | null | readonly Json[] | {
  readonly [key: string]: Json;
};
export interface Architecture {
  readonly kind: string;
  readonly name: string;
  readonly options: Readonly<Record<string, Json>>;
}
export interface NetworkDefinition extends Architecture {
  build(outputs: number, seed: number): Network;
}
export interface ParameterGroup {
  readonly name: string;
  readonly frozenKinds: readonly string[];
}
export interface Network {
  architecture: Architecture;
  outputs: number;
  groups: readonly ParameterGroup[];
  parameters: readonly Parameter[];
  statistics: readonly RunningStatistics[];
  parameterCount: number;
  forward(images: tf.Tensor4D, mode: ForwardMode): NetworkOutputs;
  layersModel(size: number, activation: string): unknown;
  namedVariables(): Map<string, tf.Variable>;
  dispose(): void;
}
