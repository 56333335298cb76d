import { convolutionSizes } from "./convolution_sizes.ts";
import { convolutionFilterGradient, filterGradientFits } from "./filter_gradient.ts";
import { runStockKernel, type SimdKernel } from "./stock_kernel.ts";

/** The gradient of a 2D convolution with respect to its filter. */
export const conv2dBackpropFilter: SimdKernel = {
  kernelName: "Conv2DBackpropFilter",
  kernelFunc(call) {
    const { inputs, backend, attrs } = call;
    const x = inputs["x"]!;
    const dy = inputs["dy"]!;
    const filterShape = attrs["filterShape"] as number[];
    const sizes = convolutionSizes(x.shape, filterShape, attrs);
    if (!sizes || !filterGradientFits(sizes)) return runStockKernel("Conv2DBackpropFilter", call);
    const input = backend.address(x);
    const gradient = backend.address(dy);
    const dFilter = backend.output(filterShape);
    convolutionFilterGradient(backend, sizes, input, gradient, backend.address(dFilter));
    return dFilter;
  },
};
