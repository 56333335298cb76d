/**
 * What an ONNX file holds, as plain objects, and its bytes. Pure.
 *
 * Source: onnx.proto3 of the ONNX project, whose messages and fields have the numbers below.
 *
 * @module
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A network as ONNX knows it. */
export interface OnnxModel {
  /** What made it. */
  readonly producer: string;
  /** For people. */
  readonly description: string;
  readonly graph: OnnxGraph;
  /** Anything else that belongs to it, by name. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** What is computed of what. */
export interface OnnxGraph {
  readonly name: string;
  /** Each after those whose results it takes. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** One operator at work. */
export interface OnnxNode {
  /** As in ONNX's list of operators, for example `Conv`. */
  readonly operator: string;
  readonly inputs: readonly string[];
  /** The name of its result. */
  readonly output: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A setting of an operator. ONNX tells numbers with and without a point apart. */
export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] };

/** Values that stand in the file. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A tensor of 32-bit floats that goes in or comes out. */
export interface OnnxValue {
  readonly name: string;
  /** A length that may differ from call to call has a name in place of a number. */
  readonly shape: readonly (number | string)[];
}

/** The version of the file format, which goes with ... */
const FORMAT_VERSION = 8;

/** ... the version of the operators. */
export const OPERATOR_VERSION = 17;

/** The bytes of a model's file. */
export function onnxBytes(
  { producer, description, graph, metadata }: OnnxModel,
): Uint8Array<ArrayBuffer> {
  const model = new Message().int(1, FORMAT_VERSION).text(2, producer).text(6, description)
    .message(7, graphMessage(graph))
    // The operators of no domain are ONNX's own.
    .message(8, new Message().int(2, OPERATOR_VERSION));
  for (const [key, value] of metadata) {
    model.message(14, new Message().text(1, key).text(2, value));
  }
  return model.finish();
}

function graphMessage({ name, nodes, constants, inputs, outputs }: OnnxGraph): Message {
  const graph = new Message();
  for (const node of nodes) graph.message(1, nodeMessage(node));
  graph.text(2, name);
  for (const constant of constants) graph.message(5, constantMessage(constant));
  for (const input of inputs) graph.message(11, valueMessage(input));
  for (const output of outputs) graph.message(12, valueMessage(output));
  return graph;
}

function nodeMessage({ operator, inputs, output, attributes = {} }: OnnxNode): Message {
  const node = new Message();
  for (const input of inputs) node.text(1, input);
  node.text(2, output).text(3, output).text(4, operator);
  for (const [name, value] of Object.entries(attributes)) {
    node.message(5, attributeMessage(name, value));
  }
  return node;
}

function attributeMessage(name: string, value: OnnxAttribute): Message {
  const attribute = new Message().text(1, name);
  // Field 20 says which of the others is there.
  if ("float" in value) return attribute.float(2, value.float).int(20, 1);
  if ("int" in value) return attribute.int(3, value.int).int(20, 2);
  for (const int of value.ints) attribute.int(8, int);
  return attribute.int(20, 7);
}

/** The type of all numbers, as tensors name it. */
const FLOAT = 1;

function constantMessage({ name, shape, values }: OnnxConstant): Message {
  const tensor = new Message();
  for (const length of shape) tensor.int(1, length);
  return tensor.int(2, FLOAT).text(8, name).bytes(9, littleEndian(values));
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value, i) => view.setFloat32(i * values.BYTES_PER_ELEMENT, value, true));
  return new Uint8Array(view.buffer);
}

function valueMessage({ name, shape }: OnnxValue): Message {
  const lengths = new Message();
  for (const length of shape) {
    const isFixed = typeof length === "number";
    lengths.message(1, isFixed ? new Message().int(1, length) : new Message().text(2, length));
  }
  const tensor = new Message().int(1, FLOAT).message(2, lengths);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

/** A message of protocol buffers, field after field. */
class Message {
  readonly #writer = new BinaryWriter();

  int(field: number, value: number): this {
    this.#writer.tag(field, WireType.Varint).int64(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#writer.tag(field, WireType.Bit32).float(value);
    return this;
  }

  text(field: number, value: string): this {
    this.#writer.tag(field, WireType.LengthDelimited).string(value);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#writer.tag(field, WireType.LengthDelimited).bytes(value);
    return this;
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#writer.finish();
  }
}
