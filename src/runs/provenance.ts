import * as tf from "@tensorflow/tfjs-core";
import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import sharp from "sharp";
import project from "../../deno.json" with { type: "json" };
import type { RunConfig } from "./run_config.ts";

/** The versions of the software behind a result. */
export function versions(): RunConfig["versions"] {
  const { deno, v8, typescript } = Deno.version;
  return {
    project: project.version,
    deno,
    v8,
    typescript,
    tfjs: tf.version_core,
    sharp: sharp.versions.sharp ?? "unknown",
  };
}

/** The machine behind a result. */
export function machine(): RunConfig["machine"] {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()} ${arch()}`,
  };
}
