import assert from "node:assert/strict";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { GoldenRunner } from "../../../src/tools/golden/golden.ts";

await tf.setBackend("cpu");

/** The parsed content of a vector file. */
export async function vectors(name: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(new URL(`../../golden/${name}.json`, import.meta.url)));
}

/** Asserts that a runner finds the code in agreement with its vector file, and cleans up. */
export async function assertAgrees(name: string, run: GoldenRunner): Promise<void> {
  const content = await vectors(name);
  const before = tf.memory().numTensors;
  const comparisons = await run(content);
  assert.ok(comparisons.length > 0);
  assert.deepEqual(comparisons.filter(({ error, tolerance }) => !(error <= tolerance)), []);
  assert.equal(tf.memory().numTensors, before);
}
