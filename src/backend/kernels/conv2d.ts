import { convolutionFits, convolveForward } from "./convolution.ts";
import { convolutionSizes } from "./convolution_sizes.ts";
import { runStockKernel, type SimdKernel } from "./stock_kernel.ts";

/** 2D convolution, NHWC by HWIO. */
export const conv2d: SimdKernel = {
  kernelName: "Conv2D",
  kernelFunc(call) {
    const { inputs, backend, attrs } = call;
    const x = inputs["x"]!;
    const filter = inputs["filter"]!;
    const sizes = convolutionSizes(x.shape, filter.shape, attrs);
    if (!sizes || !convolutionFits(sizes)) return runStockKernel("Conv2D", call);
    const { images, outputHeight, outputWidth, outputChannels } = sizes;
    const input = backend.address(x);
    const weights = backend.address(filter);
    const y = backend.output([images, outputHeight, outputWidth, outputChannels]);
    convolveForward(backend, sizes, input, weights, backend.address(y));
    return y;
  },
};
