/**
 * Plain convolutional networks: about the smallest that can classify pictures, for quick
 * experiments on small pictures.
 *
 * Sources: Simonyan and Zisserman, "Very Deep Convolutional Networks" (2014), for stacked 3x3
 * convolutions; Lin et al., "Network in Network" (2013), for the mean of each feature map in place
 * of large linear layers.
 *
 * @module
 */
import { z } from "zod";
import { ofProject } from "../definition.ts";
import { ConvolutionBatchNorm, globalMean, type Layer, Linear, maxPool } from "./layers.ts";
import { checkedOptions, composeNetwork, layerWidth, parameterGroups } from "./network.ts";
import type { NetworkDefinition, NetworkKind } from "./network.ts";
import { ParameterList } from "./parameters.ts";

const KIND = "plain-cnn";

const optionsSchema = z.strictObject({
  /** Outputs of the convolutions; after each, a max pool halves the picture. */
  widths: z.array(layerWidth).min(1).max(16).readonly(),
  /** Outputs of the last convolution: the number of features. */
  features: layerWidth,
}).readonly();

/** The options of a plain network. */
export type PlainCnnOptions = z.infer<typeof optionsSchema>;

/** Named like those of an xresnet, so that the learning rates of profiles fit. */
const GROUPS = parameterGroups("stem", "stages", "head");

/**
 * A network of 3x3 convolutions with max pools between them, the mean of each feature map, and one
 * linear layer. The means are the features.
 *
 * @param name of the new network
 * @throws {Error} if a width is not a whole number within the limits.
 */
export function plainCnn(name: string, options: PlainCnnOptions): NetworkDefinition {
  const checked = checkedOptions(optionsSchema, name, options);
  const architecture = { kind: KIND, name, options: checked };
  return ofProject({
    ...architecture,
    build(outputs, seed) {
      const list = new ParameterList(seed);
      const body = [...convolutions(list, checked), globalMean];
      const classifier = [new Linear(list, "head", "head", checked.features, outputs)];
      return composeNetwork({ architecture, outputs, groups: GROUPS, list, body, classifier });
    },
  });
}

/** 390,176 parameters with 5 outputs. */
export const PLAIN_CNN: NetworkDefinition = plainCnn("plain-cnn", {
  widths: [32, 64, 128],
  features: 256,
});

/** All plain networks. */
export const PLAIN_CNNS: NetworkKind = {
  kind: KIND,
  networks: [PLAIN_CNN],
  // `plainCnn` checks the options.
  define: (name, options) => plainCnn(name, options as PlainCnnOptions),
};

/** The convolutions; the first is the stem. */
function convolutions(list: ParameterList, { widths, features }: PlainCnnOptions): Layer[] {
  return [...widths, features].flatMap((outputs, index) => {
    const inputs = index === 0 ? 3 : widths[index - 1]!;
    const shape = { kernel: 3, inputs, outputs, stride: 1 };
    const [name, group] = index === 0 ? ["stem", "stem"] : [`stages.${index - 1}`, "stages"];
    const convolution = new ConvolutionBatchNorm(list, name!, group!, shape);
    return index < widths.length ? [convolution, maxPool] : [convolution];
  });
}
