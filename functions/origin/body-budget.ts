/** How much memory the bodies of all requests in work may take. */
import { HostFullError } from "../../src/inference/errors.ts";

export class BodyBudget {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  /**
   * Sets memory aside for a body before it is read.
   * @returns how to give it back; more than once does no harm.
   * @throws {HostFullError} when there is not as much left.
   */
  take(bytes: number): () => void {
    if (this.#taken + bytes > this.#most) throw new HostFullError(this.#most);
    this.#taken += bytes;
    let left = bytes;
    return () => {
      this.#taken -= left;
      left = 0;
    };
  }
}
