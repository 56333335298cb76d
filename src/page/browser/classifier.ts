/**
 * From pictures to scores, one picture after another.
 *
 * @module
 */
import { writeNetworkInput } from "../../data/network_input.ts";
import { beginResize, type Picture } from "../../data/resize.ts";
import type { Engine } from "./engine.ts";

/** Classifies pictures with an engine that can be replaced at any time. */
export class Classifier {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param size side of the network's input in pixels
   * @param crop whether pictures are cropped to squares instead of padded
   */
  constructor(readonly size: number, readonly crop: boolean, public engine: Engine) {}

  /** One score in [0, 1] per output. */
  scores(picture: Picture): Promise<number[]> {
    return this.alone(() => this.engine.scores(this.#networkInput(picture)));
  }

  /** Does some work while the engine classifies no picture. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** The same preparation as by `loadImages`, after decoding. */
  #networkInput(picture: Picture): Float32Array {
    const input = new Float32Array(this.size * this.size * 3);
    writeNetworkInput(beginResize(picture, this.size, this.crop), input);
    return input;
  }
}
