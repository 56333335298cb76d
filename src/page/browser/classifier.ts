/**
 * From pictures to scores, one after the other.
 *
 * @module
 */
import { writeNetworkInput } from "../../data/network_input.ts";
import { type Picture, resizeLongAxis } from "../../data/resize.ts";
import type { Engine } from "./engine.ts";

/** Gives pictures to an engine, which may be replaced by another one. */
export class Classifier {
  #last: Promise<unknown> = Promise.resolve();

  /** @param size side of the network's input in pixels */
  constructor(readonly size: number, public engine: Engine) {}

  /** One score in [0, 1] per output. */
  scores(picture: Picture): Promise<number[]> {
    return this.alone(() => this.engine.scores(networkInput(picture, this.size)));
  }

  /** Does something while no picture is in the network. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

/** The way of `loadImages`, after decoding. */
function networkInput(picture: Picture, size: number): Float32Array {
  const input = new Float32Array(size * size * 3);
  writeNetworkInput(resizeLongAxis(picture, size), input);
  return input;
}
