import { FLOAT, storePart } from "./layout";

/** Values of one task. */
const CHUNK: i32 = 16384;

@unmanaged
class SelectArgs {
  /** Bytes, 0 or 1. */
  condition: usize;
  a: usize;
  b: usize;
  target: usize;
  size: i32;
}

/** target = a where the condition is 1, else b. */
export function select(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<SelectArgs>(argsAddress);
  const last = min(args.size, (task + 1) * CHUNK);
  for (let i = task * CHUNK; i < last; i += 4) {
    const offset = <usize>i * FLOAT;
    const bytes = v128.load32_zero(args.condition + <usize>i);
    const lanes = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    const isTrue = i32x4.eq(lanes, i32x4.splat(1));
    const chosen = v128.bitselect(v128.load(args.a + offset), v128.load(args.b + offset), isTrue);
    storePart(args.target + offset, chosen, last - i);
  }
}

/** target = b where a is not 0, else 0; bytes. `condition` is a, `a` is b. */
export function logicalAnd(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<SelectArgs>(argsAddress);
  const last = min(args.size, (task + 1) * CHUNK);
  let i = task * CHUNK;
  for (; i + 16 <= last; i += 16) {
    const isFalse = i8x16.eq(v128.load(args.condition + <usize>i), i8x16.splat(0));
    v128.store(args.target + <usize>i, v128.andnot(v128.load(args.a + <usize>i), isFalse));
  }
  for (; i < last; i++) {
    const b = load<u8>(args.a + <usize>i);
    store<u8>(args.target + <usize>i, load<u8>(args.condition + <usize>i) ? b : 0);
  }
}
