/**
 * The content of an ONNX file as plain objects, and its bytes. Pure.
 *
 * Source: onnx.proto3 of the ONNX project, which defines the numbers of messages and fields below.
 *
 * @module
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** An ONNX model. */
export interface OnnxModel {
  /** The program that made it. */
  readonly producer: string;
  /** A description for people. */
  readonly description: string;
  readonly graph: OnnxGraph;
  /** Further properties, by name. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The computation graph. */
export interface OnnxGraph {
  readonly name: string;
  /** Each node follows the nodes whose results it uses. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** One use of an operator. */
export interface OnnxNode {
  /** The operator's name in ONNX, for example `Conv`. */
  readonly operator: string;
  readonly inputs: readonly string[];
  /** The name of its result. */
  readonly output: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** An attribute of an operator. ONNX distinguishes integers and floats. */
export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] };

/** Constant values stored in the file. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An input or output tensor of 32-bit floats. */
export interface OnnxValue {
  readonly name: string;
  /** A length that may differ from call to call is given as a name instead of a number. */
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
    // Operators without a domain are ONNX's own.
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
  // Field 20 names the type of the attribute, and so the field with its value.
  if ("float" in value) return attribute.float(2, value.float).int(20, 1);
  if ("int" in value) return attribute.int(3, value.int).int(20, 2);
  for (const int of value.ints) attribute.int(8, int);
  return attribute.int(20, 7);
}

/** ONNX's number of the type of all tensors: 32-bit floats. */
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
