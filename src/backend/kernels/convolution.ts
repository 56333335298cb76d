/**
 * Convolutions and their input gradients as jobs on the kernel pool.
 *
 * @module
 */
import { SCRATCH_BYTES } from "../kernel_pool.ts";
import type { SimdBackend } from "../simd_backend.ts";
import {
  clamp,
  type ConvolutionSizes,
  FLOAT,
  TASKS,
  TILE_COLUMNS,
  TILE_ROWS,
  windowArguments,
} from "./convolution_sizes.ts";
import { convolveByWinograd, winogradTiles } from "./winograd.ts";

/** How a filter is read: as it is, or with its last two axes exchanged. */
export type FilterOrder = "plain" | "transposed";

/** Convolves `input` with `filter` into `output`; all are addresses in kernel memory. */
export function convolveForward(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  input: number,
  filter: number,
  output: number,
  order: FilterOrder = "plain",
): void {
  convolve(backend, sizes, "forward", input, filter, output, order);
}

/** The gradient with respect to the input: from `dy` and `filter` to `dx`, all addresses. */
export function convolveBackward(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  dy: number,
  filter: number,
  dx: number,
): void {
  convolve(backend, sizes, "backward", dy, filter, dx, "transposed");
}

/** Whether the tables of a task fit a thread's own memory; only a filter of thousands of taps does not. */
export function convolutionFits(sizes: ConvolutionSizes): boolean {
  const channels = Math.max(sizes.inputChannels, sizes.outputChannels);
  return groupBytes(sizes) + channels * FLOAT <= SCRATCH_BYTES / 2;
}

/** The most tile rows of one convolution task. */
const GROUPS_PER_TASK = 16;

function convolve(
  backend: SimdBackend,
  sizes: ConvolutionSizes,
  direction: "forward" | "backward",
  source: number,
  filter: number,
  target: number,
  order: FilterOrder,
): void {
  const { pool } = backend;
  const taps = sizes.filterHeight * sizes.filterWidth;
  const input = [sizes.inputHeight, sizes.inputWidth, sizes.inputChannels];
  const output = [sizes.outputHeight, sizes.outputWidth, sizes.outputChannels];
  const from = direction === "forward" ? input : output;
  const to = direction === "forward" ? output : input;
  const channels = from[2]!;
  const columns = to[2]!;
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const pixels = to[0]! * to[1]!;
  const uniformGroups = Math.floor(sizes.images / TILE_ROWS) * pixels;
  const groups = uniformGroups + Math.ceil(sizes.images % TILE_ROWS * pixels / TILE_ROWS);
  const groupsPerTask = clamp(
    Math.ceil(groups / TASKS),
    1,
    Math.min(GROUPS_PER_TASK, Math.floor(SCRATCH_BYTES / 2 / groupBytes(sizes))),
  );
  pool.memory.using(panels * taps * channels * TILE_COLUMNS * FLOAT, (packed) => {
    pool.run("packFilter", panels, [
      filter,
      packed,
      taps,
      channels,
      columns,
      order === "transposed" ? 1 : 0,
    ]);
    const tiles = winogradTiles(sizes, channels, columns);
    if (tiles !== undefined) {
      convolveByWinograd(backend, sizes, tiles, direction, source, packed, target);
      return;
    }
    pool.run("convolve", Math.ceil(groups / groupsPerTask), [
      source,
      packed,
      target,
      backend.zeros(Math.max(channels, TILE_COLUMNS)),
      sizes.images,
      ...from,
      ...to,
      ...windowArguments(sizes),
      direction === "forward" ? 0 : 1,
      groupsPerTask,
    ]);
  });
}

/** Bytes of the addresses that one group of rows needs: a header, and one entry per tap. */
function groupBytes({ filterHeight, filterWidth }: ConvolutionSizes): number {
  return 32 + filterHeight * filterWidth * 32;
}
