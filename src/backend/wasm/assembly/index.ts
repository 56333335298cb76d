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
  batchNormSumsScratch,
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
export {
  abs, ceil, clipByValue, floor, leakyRelu, neg, reciprocal, relu, relu6, round, sign, sqrt, square,
  step,
} from "./unary";
export {
  elu, eluScratch, exp, expScratch, expm1, expm1Scratch, log, logScratch, log1p, log1pScratch, rsqrt,
  rsqrtScratch, selu, seluScratch, sigmoid, sigmoidScratch, softplus, softplusScratch, tanh,
  tanhScratch,
} from "./unary_in_double";
export {
  add, addRelu, divide, eluGradient, maximum, minimum, multiply, prelu, squaredDifference, subtract,
} from "./arithmetic";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./comparison";
export {
  maxChunks, maxResults, minChunks, minResults, productChunks, productResults, sumChunks, sumResults,
} from "./reduction";
export { copyBlock, gather } from "./copy";
export { softmax, softmaxScratch } from "./softmax";
export { logicalAnd, select } from "./select";
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise";
export { batchProduct, batchProductScratch } from "./batch_product";
