/** Lets one sleeper wait until rung, until a time is up, or for good when stopped. A ring while awake is not lost. */
export class Alarm {
  #rung = false;
  #stopped = false;
  #wake: (() => void) | null = null;

  get stopped(): boolean {
    return this.#stopped;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Ends the sleep or pause under way, and every later one at once. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  /** Returns after `ms`, rung or not. */
  async pause(ms: number): Promise<void> {
    if (this.#stopped) return;
    const until = Date.now() + ms;
    for (let left = ms; left > 0 && !this.#stopped; left = until - Date.now()) await this.sleep(left);
    this.#rung = true; // it may have been
  }

  /**
   * Returns after a ring since the last sleep, or after `ms`, if given.
   * @returns whether it was the time that was up
   */
  async sleep(ms?: number): Promise<boolean> {
    if (!this.#rung && !this.#stopped) {
      await new Promise<void>((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
    const slept = !this.#rung;
    this.#rung = false;
    return slept;
  }
}
