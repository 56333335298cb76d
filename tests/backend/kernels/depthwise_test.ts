import * as tf from "@tensorflow/tfjs-core";
import { assertAgreement, withGradients } from "../agreement.ts";
import { normal } from "../on_backends.ts";

interface DepthwiseCase {
  readonly x: [number, number, number, number];
  /** Height, width, filters per channel. */
  readonly filter: [number, number, number];
  readonly stride?: number | [number, number];
  readonly dilation?: number;
  readonly pad: "same" | "valid" | number;
}

const CASES: DepthwiseCase[] = [
  { x: [1, 1, 1, 1], filter: [1, 1, 1], pad: "same" },
  { x: [2, 5, 7, 3], filter: [3, 3, 1], pad: "same" },
  { x: [2, 5, 7, 3], filter: [3, 3, 4], pad: "same" },
  { x: [3, 8, 6, 5], filter: [3, 2, 2], pad: "valid" },
  { x: [1, 9, 9, 8], filter: [5, 5, 1], stride: 2, pad: "same" },
  { x: [1, 9, 8, 6], filter: [3, 3, 3], stride: [2, 3], pad: 1 },
  { x: [2, 9, 9, 4], filter: [3, 3, 1], dilation: 2, pad: "same" },
  { x: [2, 9, 9, 5], filter: [2, 3, 2], dilation: 3, pad: "valid" },
  { x: [2, 2, 2, 7], filter: [5, 5, 1], pad: "same" },
  { x: [37, 4, 4, 33], filter: [3, 3, 1], pad: "same" },
];

for (const { x, filter, stride = 1, dilation = 1, pad } of CASES) {
  const name = `${x} by ${filter}, stride ${stride}, dilation ${dilation}, pad ${pad}`;
  Deno.test(`a depthwise convolution and its gradients agree with the cpu backend: ${name}`, async () => {
    const convolve = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.depthwiseConv2d(
        x as tf.Tensor4D,
        filter as tf.Tensor4D,
        stride,
        pad,
        "NHWC",
        dilation,
        typeof pad === "number" ? "floor" : undefined,
      );
    const compute = () => {
      const inputs = [normal(x, 1), normal([filter[0], filter[1], x[3], filter[2]], 2)] as const;
      // tfjs has no gradient of a dilated one.
      return dilation > 1 ? [convolve(...inputs)] : withGradients(convolve, [...inputs]);
    };
    const gradients = ["BackpropFilter", "BackpropInput"];
    await assertAgreement(name, compute, {
      tolerance: 2e-6,
      native: ["", ...(dilation > 1 ? [] : gradients)].map((gradient) =>
        `DepthwiseConv2dNative${gradient}`
      ),
    });
  });
}
