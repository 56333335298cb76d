/**
 * A program of its own that runs an ONNX file of one input in ONNX Runtime; `in_onnxruntime.ts`
 * starts it. Reads float32 pictures from its standard input, writes the named results as JSON.
 *
 * @module
 */

/**
 * Locked by `onnxruntime.lock`, and not in `deno.json`: whatever is there, the first task of any kind
 * downloads, and this is a hundred megabytes. For the same reason it is not named in the import.
 */
const RUNTIME = "npm:onnxruntime-node@1.30.0";

const [path, shape, ...outputs] = Deno.args;
const { InferenceSession, Tensor } = await import(RUNTIME);
const session = await InferenceSession.create(path);
const pictures = new Float32Array(await new Response(Deno.stdin.readable).arrayBuffer());
const input = new Tensor("float32", pictures, shape!.split(",").map(Number));
const found = await session.run({ [session.inputNames[0]]: input });
const results = outputs.map((name) => [name, Array.from(found[name].data)]);
console.log(JSON.stringify(Object.fromEntries(results)));
