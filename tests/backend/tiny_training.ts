/**
 * Training a tiny network on the current backend.
 *
 * @module
 */
import { bcena } from "../../src/article/experiments.ts";
import { train } from "../../src/training/trainer.ts";
import {
  syntheticEvaluation,
  syntheticLabels,
  syntheticTraining,
  tiny,
  TINY_NETWORK,
} from "../training/synthetic_data.ts";

/** Trains three epochs; returns the weights and the losses of every epoch. */
export async function trainTiny(
  batchesPerEpoch: number,
  onProgress: () => void = () => {},
): Promise<{ weights: Float32Array[]; losses: number[] }> {
  const network = TINY_NETWORK.build(3, 7);
  try {
    const history = await train({
      network,
      experiment: tiny(bcena),
      labels: syntheticLabels(bcena),
      seed: 7,
      training: syntheticTraining(batchesPerEpoch),
      validation: syntheticEvaluation(6),
      onProgress,
    });
    // In turn and asynchronously: webgpu can do no other way.
    const weights: Float32Array[] = [];
    for (const variable of network.namedVariables().values()) {
      weights.push(new Float32Array(await variable.data<"float32">()));
    }
    return {
      weights,
      losses: history.flatMap(({ train_loss, valid_loss }) => [train_loss, valid_loss]),
    };
  } finally {
    network.dispose();
  }
}
