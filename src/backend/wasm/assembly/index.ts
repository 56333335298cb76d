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
export {
  abs, ceil, clipByValue, floor, leakyRelu, neg, reciprocal, relu, relu6, round, sign, sqrt, square,
  step,
} from "./unary";
export {
  elu, exp, expm1, log, log1p, rsqrt, selu, sigmoid, softplus, tanh,
} from "./unary_in_double";
export { adam } from "./adam";
export { peak } from "./peak";
export { winograd, winogradFilter } from "./winograd";
export {
  add, addRelu, divide, eluGradient, maximum, minimum, multiply, prelu, squaredDifference, subtract,
} from "./arithmetic";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./comparison";
export {
  maxChunks, maxResults, minChunks, minResults, productChunks, productResults, sumChunks, sumResults,
} from "./reduction";
export { copyBlock, gather } from "./copy";
export { softmax } from "./softmax";
export { logicalAnd, select } from "./select";
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise";
export { batchProduct } from "./batch_product";
