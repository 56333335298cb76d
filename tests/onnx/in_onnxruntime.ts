/**
 * What ONNX Runtime makes of an ONNX file.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

const PROGRAM = fromFileUrl(new URL("./onnxruntime.ts", import.meta.url));
const LOCK = fromFileUrl(new URL("./onnxruntime.lock", import.meta.url));

/**
 * Runs an ONNX file in ONNX Runtime, which the first time is downloaded.
 *
 * @param pictures [count, 3, size, size], as the file's input wants them
 * @param outputs the names of the results
 * @throws {Error} with what ONNX Runtime says, if it refuses the file
 */
export async function inOnnxRuntime<Name extends string>(
  path: string,
  pictures: { readonly values: Float32Array; readonly shape: readonly number[] },
  outputs: readonly Name[],
): Promise<Record<Name, number[]>> {
  const options = ["--no-config", `--lock=${LOCK}`, "--frozen", "--quiet", "--no-prompt"];
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...options,
      "--allow-read",
      "--allow-ffi",
      PROGRAM,
      path,
      pictures.shape.join(","),
      ...outputs,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = process.output();
  const input = process.stdin.getWriter();
  await input.write(new Uint8Array(pictures.values.buffer));
  await input.close();
  const { success, stdout, stderr } = await output;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
