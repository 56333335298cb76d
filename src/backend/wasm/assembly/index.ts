// Every export is a kernel: (args, task, scratch) computes one of a job's independent tasks. What
// a task writes depends on the arguments and its number alone, never on the thread that runs it,
// so results are the same bits with any number of threads.
export { packFilter } from "./pack_filter";
export { convolve, convolveScratch } from "./convolve";
export { filterGradient, filterGradientScratch, reduceFilterGradient } from "./filter_gradient";
export {
  batchNormApply,
  batchNormApplyScratch,
  batchNormCombine,
  batchNormGradient,
  batchNormGradientCombine,
  batchNormGradientScratch,
  batchNormGradientSums,
  batchNormGradientSumsScratch,
  batchNormSums,
} from "./batch_norm";
export {
  averagePool,
  averagePoolGradient,
  averagePoolGradientScratch,
  averagePoolScratch,
  maxPool,
  maxPoolGradient,
  maxPoolGradientScratch,
  maxPoolScratch,
} from "./pooling";
export { add, multiply, relu, step } from "./elementwise";
export { adam } from "./adam";
export { peak } from "./peak";
export {
  winograd,
  winogradFilter,
  winogradScratch,
} from "./winograd";
export {
  winogradGradient,
  winogradGradientScratch,
  winogradReduce,
  winogradReduceScratch,
} from "./winograd_gradient";
export {
  winogradPanels,
  winogradPanelsScratch,
  winogradPatches,
  winogradPatchesScratch,
} from "./winograd_panels";
