/**
 * The worker that makes batches ahead of the thread that trains. Each batch depends on its request
 * alone.
 *
 * @module
 */
import { messageOf } from "../files/error_message.ts";
import { trainingDraws } from "./augment.ts";
import { writeNetworkInput } from "./network_input.ts";
import { PixelFile } from "./pixel_file.ts";

/** Asks for the network inputs of one batch. */
export interface BatchRequest {
  /** Comes back with the answer. */
  readonly id: number;
  /** Path and content of the pixel cache, the same in all requests to a worker. */
  readonly cachePath: string;
  readonly cacheId: string;
  /** The wanted pictures, by their position in the cache's file. */
  readonly positions: Uint32Array;
  /**
   * The keys of the augmentation, with the first picture's place in the epoch; without it, no
   * augmentation.
   */
  readonly draws?: { readonly seed: number; readonly epoch: number; readonly place: number };
}

/** The answer to a request: [count, size, size, 3] network inputs, or an error message. */
export type BatchAnswer =
  & { readonly id: number }
  & (
    | { readonly images: Float32Array<ArrayBuffer> }
    | { readonly failure: string }
  );

/** Deno's types cover the worker's own scope only with another `lib`. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<BatchRequest>) => void;
  postMessage(message: BatchAnswer, transfer?: Transferable[]): void;
};

let file: PixelFile | undefined;

scope.onmessage = ({ data: request }) => {
  const { id } = request;
  try {
    file ??= openCache(request);
    const images = makeBatch(file, request);
    scope.postMessage({ id, images }, [images.buffer]);
  } catch (error) {
    scope.postMessage({ id, failure: messageOf(error) });
  }
};

function openCache({ cachePath, cacheId }: BatchRequest): PixelFile {
  const file = new PixelFile(cachePath);
  if (file.id === cacheId) return file;
  file.close();
  throw new Error(
    `${cachePath}: replaced by another run with other pictures; give each its own cache folder`,
  );
}

function makeBatch(
  file: PixelFile,
  { positions, draws }: BatchRequest,
): Float32Array<ArrayBuffer> {
  const length = file.size ** 2 * 3;
  const images = new Float32Array(positions.length * length);
  for (const [n, position] of positions.entries()) {
    const drawn = draws && trainingDraws(draws.seed, draws.epoch, draws.place + n);
    writeNetworkInput(file.read(position), images.subarray(n * length, (n + 1) * length), drawn);
  }
  return images;
}
