/** Asks again and again, quickly while things happen, ever more slowly while nothing does. */

/** Milliseconds between two questions: at first, and at most. */
const SHORTEST = 1_000;
const LONGEST = 30_000;

/** After an answer without news, the wait grows by this factor. */
const BACK_OFF = 1.6;

export class Poll {
  #wait = SHORTEST;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #asking = false;

  /** @param question answers whether there was news; a failure counts as none */
  constructor(private readonly question: () => Promise<boolean>) {
    document.addEventListener("visibilitychange", () => {
      if (this.#running && !document.hidden) this.hurry();
    });
  }

  start(): void {
    this.#running = true;
    this.hurry();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** Asks now, and quickly from now on: something was changed. */
  hurry(): void {
    this.#wait = SHORTEST;
    clearTimeout(this.#timer);
    if (this.#running) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#asking) return this.#later();
    this.#asking = true;
    const news = await this.question().catch(() => false);
    this.#asking = false;
    this.#wait = news ? SHORTEST : Math.min(LONGEST, this.#wait * BACK_OFF);
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    // A page that nobody sees asks when it is seen again.
    if (!this.#running || document.hidden) return;
    this.#timer = setTimeout(() => void this.#ask(), this.#wait);
  }
}
