/** Values of one task. */
export const CHUNK: i32 = 16384;

@unmanaged
export class UnaryArgs {
  source: usize;
  /** The same address as `source`, or not overlapping it. */
  target: usize;
  /** Number of values. */
  size: i32;
  /** Each operation defines the meaning of these. */
  alpha: f32;
  beta: f32;
}
