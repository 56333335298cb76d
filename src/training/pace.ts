/**
 * The speed of a training, and an estimate of the time left. Pure.
 *
 * @module
 */

/** Averages over the measurements so far. */
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
   * Estimate of the seconds left; NaN before the first step. Validation counts as 0 seconds until
   * it has been measured once.
   */
  secondsLeft(steps: number, validations: number): number {
    const perStep = this.#stepSeconds / this.#steps;
    const perValidation = this.#validationSeconds / Math.max(1, this.#validations);
    return steps * perStep + validations * perValidation;
  }
}
