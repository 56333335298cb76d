import { convolutionFits, convolveForward } from "./convolution.ts";
import { productSizes } from "./convolution_sizes.ts";
import { convolutionFilterGradient, filterGradientFits } from "./filter_gradient.ts";
import { runStockKernel, type SimdKernel } from "./stock_kernel.ts";

/**
 * Matrix product of two matrices, each optionally transposed; real batches, and products of two
 * transposed matrices, are left to the stock kernel.
 */
export const batchMatMul: SimdKernel = {
  kernelName: "BatchMatMul",
  kernelFunc(call) {
    const { inputs, backend, attrs } = call;
    const a = inputs["a"]!;
    const b = inputs["b"]!;
    const transposeA = attrs["transposeA"] as boolean;
    const transposeB = attrs["transposeB"] as boolean;
    const single = [...a.shape.slice(0, -2), ...b.shape.slice(0, -2)].every((size) => size === 1);
    const float = a.dtype === "float32" && b.dtype === "float32";
    const empty = a.shape.includes(0) || b.shape.includes(0);
    if (!single || !float || empty || (transposeA && transposeB)) {
      return runStockKernel("BatchMatMul", call);
    }
    const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
    const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
    const columns = transposeB ? bRows : bColumns;
    const sizes = productSizes(aRows, aColumns, columns);
    if (!(transposeA ? filterGradientFits(sizes) : convolutionFits(sizes))) {
      return runStockKernel("BatchMatMul", call);
    }
    const left = backend.address(a);
    const right = backend.address(b);
    if (transposeA) {
      // A sum of outer products over the rows of both: a filter gradient of 1x1 pictures.
      const product = backend.output([...a.shape.slice(0, -2), aColumns, bColumns]);
      convolutionFilterGradient(backend, sizes, left, right, backend.address(product));
      return product;
    }
    const product = backend.output([...a.shape.slice(0, -2), aRows, columns]);
    const order = transposeB ? "transposed" : "plain";
    convolveForward(backend, sizes, left, right, backend.address(product), order);
    return product;
  },
};
