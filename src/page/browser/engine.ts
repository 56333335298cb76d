/**
 * The page's engines: our own kernels on the CPU, in every browser, or tfjs's WebGL on a GPU, if it
 * computes the same scores faster.
 *
 * @module
 */
/// <reference lib="dom" />
import * as tf from "@tensorflow/tfjs";
import { KernelPool } from "../../backend/kernel_pool.ts";
import { KernelMemory, unsharedMemory } from "../../backend/memory.ts";
import { registerSimdBackend } from "../../backend/register_backend.ts";
import { activated } from "../../losses/activation.ts";
import { NETWORK_KINDS } from "../../model/registry.ts";
import { openNetwork, type SavedNetwork } from "../../model/saved_network.ts";

/** An opened network on one of tfjs's backends. */
export interface Engine {
  /** The name of the backend. */
  readonly backend: string;
  /** Its readable title. */
  readonly title: string;
  /** One score per output. @param input one picture, [size, size, 3], normalised */
  scores(input: Float32Array): Promise<number[]>;
  /** Frees the network. */
  dispose(): void;
}

/**
 * Sizes of the kernels' memory to try, in bytes. The memory cannot grow, and a network's needs are
 * known only once it has run; untouched memory pages cost nothing.
 */
const MEMORY_SIZES = [2 ** 29, 2 ** 30, 2 ** 31];

/** The largest difference between two engines' scores that counts as the same. */
const TOLERANCE = 1e-3;

/** Number of pictures, after the first, over which each engine is timed. */
const TIMED = 3;

/**
 * The network on the CPU, with this project's kernels on one thread; it has already run one
 * picture.
 *
 * @param kernels the compiled kernels
 * @throws {RangeError} if the browser has no memory for the network
 */
export async function cpuEngine(
  saved: SavedNetwork,
  kernels: Uint8Array<ArrayBuffer>,
): Promise<Engine> {
  const module = await WebAssembly.compile(kernels);
  let failure: unknown;
  for (const bytes of MEMORY_SIZES) {
    const memory = new KernelMemory(unsharedMemory(bytes));
    await registerSimdBackend(await KernelPool.start(module, 1, memory));
    const engine = await engineOn("simd", "the processor", saved);
    try {
      await engine.scores(trialInput(saved));
      return engine;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      failure = error;
      engine.dispose();
      await tf.setBackend("cpu");
      tf.removeBackend("simd");
    }
  }
  throw failure;
}

/** Names of drivers that emulate a graphics processor on the CPU. */
const IMITATIONS = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether the browser draws with a graphics processor, as far as it reveals. */
export function hasGpu(): boolean {
  const attributes = { failIfMajorPerformanceCaveat: true };
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2", attributes) as WebGL2RenderingContext | null;
  if (context === null) return false;
  const names = context.getExtension("WEBGL_debug_renderer_info");
  const renderer = context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return !IMITATIONS.test(String(renderer));
}

/** The network on a graphics processor; undefined if tfjs cannot use it. */
export async function gpuEngine(saved: SavedNetwork): Promise<Engine | undefined> {
  const before = tf.getBackend();
  try {
    if (!await tf.setBackend("webgl")) return undefined;
    return await engineOn("webgl", "the graphics processor", saved);
  } finally {
    await tf.setBackend(before);
  }
}

/** Whether another engine gives the same scores as the first, and whether it is faster. */
export async function compared(
  first: Engine,
  other: Engine,
  saved: SavedNetwork,
): Promise<{ readonly isSame: boolean; readonly isFaster: boolean }> {
  const input = trialInput(saved);
  const [expected, found] = [await first.scores(input), await other.scores(input)];
  const difference = Math.max(...found.map((score, label) => Math.abs(score - expected[label]!)));
  const isFaster = await timeOf(other, input) < await timeOf(first, input);
  // NaN is not the same.
  return { isSame: difference <= TOLERANCE, isFaster };
}

async function engineOn(backend: string, title: string, saved: SavedNetwork): Promise<Engine> {
  await tf.setBackend(backend);
  const { network, metadata: { size, activation } } = await openNetwork(saved, NETWORK_KINDS);
  return {
    backend,
    title,
    async scores(input) {
      await tf.setBackend(backend);
      const logits = tf.tidy(() => {
        const pictures = tf.tensor4d(input, [1, size, size, 3]);
        return network.forward(pictures, { training: false }).logits;
      });
      try {
        return activated(await logits.data(), activation);
      } finally {
        logits.dispose();
      }
    },
    dispose: () => network.dispose(),
  };
}

async function timeOf(engine: Engine, input: Float32Array): Promise<number> {
  const begin = performance.now();
  for (let picture = 0; picture < TIMED; picture++) await engine.scores(input);
  return performance.now() - begin;
}

/** A synthetic picture that covers the whole range of values. */
function trialInput({ metadata: { size } }: SavedNetwork): Float32Array {
  return Float32Array.from({ length: size * size * 3 }, (_, i) => ((i * 7919) % 401) / 100 - 2);
}
