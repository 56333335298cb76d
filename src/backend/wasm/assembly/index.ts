// Every export is a kernel: (args, task, scratch) computes one of a job's independent tasks. What
// a task writes depends on the arguments and its number alone, never on the thread that runs it,
// so results are the same bits with any number of threads.
export { packFilter } from "./pack_filter";
export { convolve } from "./convolve";
export { filterGradient, reduceFilterGradient } from "./filter_gradient";
export {
  batchNormApply,
  batchNormCombine,
  batchNormGradient,
  batchNormGradientCombine,
  batchNormGradientSums,
  batchNormSums,
} from "./batch_norm";
export { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling";
export { add, multiply, relu, step } from "./elementwise";
export { adam } from "./adam";
export { peak } from "./peak";
export { winograd, winogradFilter } from "./winograd";
