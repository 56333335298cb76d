/**
 * Definition of a kernel of the `simd` backend.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { SimdBackend } from "../simd_backend.ts";

/** The arguments of a kernel with inputs of these names, and optional ones. */
export interface KernelCall<
  Inputs extends string,
  Attributes = unknown,
  Optional extends string = never,
> {
  /** All float32, except those named in `register.ts`; none is empty. */
  readonly inputs: Readonly<
    Record<Inputs, tf.TensorInfo> & Partial<Record<Optional, tf.TensorInfo>>
  >;
  readonly backend: SimdBackend;
  readonly attrs: Attributes;
}

/** Takes a {@linkcode KernelCall}; `undefined` leaves the call to the stock cpu kernel. */
export type SimdKernel = (call: never) => tf.TensorInfo | tf.TensorInfo[] | undefined;
