import { convolutionFits, convolveBackward } from "./convolution.ts";
import { convolutionSizes } from "./convolution_sizes.ts";
import { runStockKernel, type SimdKernel } from "./stock_kernel.ts";

/** The gradient of a 2D convolution with respect to its input. */
export const conv2dBackpropInput: SimdKernel = {
  kernelName: "Conv2DBackpropInput",
  kernelFunc(call) {
    const { inputs, backend, attrs } = call;
    const dy = inputs["dy"]!;
    const filter = inputs["filter"]!;
    const inputShape = attrs["inputShape"] as number[];
    const sizes = convolutionSizes(inputShape, filter.shape, attrs);
    if (!sizes || !convolutionFits(sizes)) return runStockKernel("Conv2DBackpropInput", call);
    const gradient = backend.address(dy);
    const weights = backend.address(filter);
    const dx = backend.output(inputShape);
    convolveBackward(backend, sizes, gradient, weights, backend.address(dx));
    return dx;
  },
};
