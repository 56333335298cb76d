/**
 * Functions for notebook cells: to show, to train and to compare. Cells import everything else from
 * its own module.
 *
 * @module
 */
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";

export * from "./attempts.ts";
export * from "./figure.ts";
export * from "./image_grid.ts";
export { nameInProject } from "../files/in_project.ts";
export * from "./page.ts";
export * from "./setting.ts";
export * from "./show.ts";
export * from "./study.ts";
export * from "./train_or_open.ts";

// Tfjs takes Deno for Node.js and would advise installing tfjs-node, which Deno cannot use.
tf.env().set("IS_NODE", false);
// The tensors of cells are small; the stock backend needs no time to start.
await tf.setBackend("cpu");
