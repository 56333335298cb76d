import { multiplyAdd } from "./multiply_add";

@unmanaged
class PeakArgs {
  /** Two neighbouring vectors, the factors of every sum in each round. */
  factors: usize;
  rounds: i32;
}

/**
 * As many fused multiply-adds per round as a register tile has sums, and nothing else: the
 * machine's peak. Each task uses one thread.
 */
export function peak(argsAddress: usize, task: i32, scratch: usize): void {
  const args = changetype<PeakArgs>(argsAddress);
  const low = v128.load(args.factors);
  const high = v128.load(args.factors, 16);
  let c00 = low; let c01 = high; let c02 = low; let c03 = high;
  let c10 = low; let c11 = high; let c12 = low; let c13 = high;
  let c20 = low; let c21 = high; let c22 = low; let c23 = high;
  let c30 = low; let c31 = high; let c32 = low; let c33 = high;
  let c40 = low; let c41 = high; let c42 = low; let c43 = high;
  let c50 = low; let c51 = high; let c52 = low; let c53 = high;
  for (let round = args.rounds; round > 0; round--) {
    c00 = multiplyAdd(c00, low, low);
    c01 = multiplyAdd(c01, high, high);
    c02 = multiplyAdd(c02, low, low);
    c03 = multiplyAdd(c03, high, high);
    c10 = multiplyAdd(c10, low, low);
    c11 = multiplyAdd(c11, high, high);
    c12 = multiplyAdd(c12, low, low);
    c13 = multiplyAdd(c13, high, high);
    c20 = multiplyAdd(c20, low, low);
    c21 = multiplyAdd(c21, high, high);
    c22 = multiplyAdd(c22, low, low);
    c23 = multiplyAdd(c23, high, high);
    c30 = multiplyAdd(c30, low, low);
    c31 = multiplyAdd(c31, high, high);
    c32 = multiplyAdd(c32, low, low);
    c33 = multiplyAdd(c33, high, high);
    c40 = multiplyAdd(c40, low, low);
    c41 = multiplyAdd(c41, high, high);
    c42 = multiplyAdd(c42, low, low);
    c43 = multiplyAdd(c43, high, high);
    c50 = multiplyAdd(c50, low, low);
    c51 = multiplyAdd(c51, high, high);
    c52 = multiplyAdd(c52, low, low);
    c53 = multiplyAdd(c53, high, high);
  }
  v128.store(scratch, c01, 16);
  v128.store(scratch, c00);
  v128.store(scratch, c03, 48);
  v128.store(scratch, c02, 32);
  v128.store(scratch, c11, 80);
  v128.store(scratch, c10, 64);
  v128.store(scratch, c13, 112);
  v128.store(scratch, c12, 96);
  v128.store(scratch, c21, 144);
  v128.store(scratch, c20, 128);
  v128.store(scratch, c23, 176);
  v128.store(scratch, c22, 160);
  v128.store(scratch, c31, 208);
  v128.store(scratch, c30, 192);
  v128.store(scratch, c33, 240);
  v128.store(scratch, c32, 224);
  v128.store(scratch, c41, 272);
  v128.store(scratch, c40, 256);
  v128.store(scratch, c43, 304);
  v128.store(scratch, c42, 288);
  v128.store(scratch, c51, 336);
  v128.store(scratch, c50, 320);
  v128.store(scratch, c53, 368);
  v128.store(scratch, c52, 352);
}
