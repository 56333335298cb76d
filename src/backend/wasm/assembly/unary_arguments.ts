/** Values of one task. */
export const CHUNK: i32 = 16384;

@unmanaged
export class UnaryArgs {
  source: usize;
  /** The same place as `source`, or one that does not overlap it. */
  target: usize;
  /** Number of values. */
  size: i32;
  /** What these mean says each operation. */
  alpha: f32;
  beta: f32;
}
