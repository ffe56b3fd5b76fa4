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

  /** Ends the sleep under way, and every later one at once. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  /** Returns after a ring since the last sleep, or after `ms`. */
  async sleep(ms: number): Promise<void> {
    if (!this.#rung && !this.#stopped) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
    this.#rung = false;
  }
}
