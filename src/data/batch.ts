/**
 * The part of a data set that training and evaluation use: batches of network inputs with labels.
 *
 * @module
 */

/** Network inputs with their labels. */
export interface Batch {
  /** [count, size, size, 3] float32, NHWC, normalised with the ImageNet mean and deviation. */
  readonly images: Float32Array;
  /** [count] network labels; -1 where the network has no label for the picture. */
  readonly labels: Int32Array;
  readonly count: number;
  /** Side of the square pictures in pixels. */
  readonly size: number;
}

/** Shuffled, augmented batches; the last incomplete batch of an epoch is dropped. */
export interface TrainingBatches {
  /** Pictures in each batch. */
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  /**
   * The batches of an epoch. Order, pad offsets and augmentation depend only on the seed, the epoch
   * and the position, so training can resume at any batch and see the same bits.
   *
   * @param epoch counted from 0 over all phases
   * @param firstBatch the batch to start at
   */
  epoch(epoch: number, firstBatch?: number): AsyncIterable<Batch>;
}

/** All pictures in order, not augmented; the last batch may be smaller. */
export interface EvaluationBatches {
  /** Number of pictures. */
  readonly count: number;
  batches(): AsyncIterable<Batch>;
}
