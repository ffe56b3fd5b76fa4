/** Tells how far a long step is: on a terminal one line, rewritten; elsewhere a line every few seconds. */
export interface Progress {
  /** Begins the next step. */
  begin(what: string, total: number): void;
  /** So much more is done. */
  add(amount: number): void;
  /** Writes a line that stays. */
  note(line: string): void;
  /** Ends the last step. */
  end(): void;
}

export interface ProgressOptions {
  write: (text: string) => void;
  /** Whether lines can be rewritten. */
  terminal: boolean;
  /** Milliseconds; for tests. */
  now?: () => number;
}

const TERMINAL_MS = 200;
const LINES_MS = 3000;
/** The rate is that of the last so many ticks. */
const TICKS = 10;

export function createProgress({ write, terminal, now = () => performance.now() }: ProgressOptions): Progress {
  let timer: NodeJS.Timeout | undefined;
  let step = { what: '', total: 0, done: 0, began: 0, ticks: [{ at: 0, done: 0 }] };

  const line = () => {
    const at = now();
    const oldest = step.ticks[0] ?? { at: step.began, done: 0 };
    step.ticks = [...step.ticks.slice(-(TICKS * (terminal ? 5 : 1)) + 1), { at, done: step.done }];
    const rate = ((step.done - oldest.done) / Math.max(at - oldest.at, 1)) * 1000;
    return describe({ ...step, rate });
  };
  const show = () => write(terminal ? `\r\u001b[2K${line()}` : `${line()}\n`);

  const end = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    const seconds = Math.round((now() - step.began) / 1000);
    write(`${terminal ? '\r\u001b[2K' : ''}${step.what}: ${amount(step.done)} in ${duration(seconds)}\n`);
  };

  return {
    begin(what, total) {
      end();
      step = { what, total, done: 0, began: now(), ticks: [{ at: now(), done: 0 }] };
      timer = setInterval(show, terminal ? TERMINAL_MS : LINES_MS);
    },
    add(more) {
      step.done += more;
    },
    note(text) {
      write(`${terminal && timer !== undefined ? '\r\u001b[2K' : ''}${text}\n`);
    },
    end,
  };
}

function describe({ what, done, total, rate }: { what: string; done: number; total: number; rate: number }): string {
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  const left = rate > 0 ? `${duration((total - done) / rate)} left` : 'waiting';
  return `${what}: ${amount(done)}/${amount(total)} (${percent} %), ${amount(Math.round(rate))}/s, ${left}`;
}

/** @returns 1234567 as 1,234,567 */
export const amount = (number: number): string => number.toLocaleString('en-US');

/** @returns seconds as people say them: 45 s, 3 min 5 s, 2 h 10 min */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
