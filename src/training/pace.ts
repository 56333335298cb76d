/**
 * How fast training goes, and how long the rest will take. Pure.
 *
 * @module
 */

/** Averages of what has been measured so far. */
export class Pace {
  #steps = 0;
  #stepSeconds = 0;
  #validations = 0;
  #validationSeconds = 0;

  /** @param batchSize pictures per step */
  constructor(readonly batchSize: number) {}

  /** Adds the wall time of a training step, waiting for its batch included. */
  addStep(seconds: number): void {
    this.#steps++;
    this.#stepSeconds += seconds;
  }

  /** Adds the wall time of a validation. */
  addValidation(seconds: number): void {
    this.#validations++;
    this.#validationSeconds += seconds;
  }

  /** Training pictures per second; NaN before the first step. */
  imagesPerSecond(): number {
    return this.#steps * this.batchSize / this.#stepSeconds;
  }

  /**
   * Seconds for what is left to do; NaN before the first step. Validation counts as nothing until
   * it has been measured once.
   */
  secondsLeft(steps: number, validations: number): number {
    const perStep = this.#stepSeconds / this.#steps;
    const perValidation = this.#validationSeconds / Math.max(1, this.#validations);
    return steps * perStep + validations * perValidation;
  }
}
