import type { PendingCall, RunState } from './call.ts';
import type { Variables } from './conditions.ts';
import { malformedAnswer, reasonOf, type AnswerError } from './errors.ts';
import type { Program } from './program.ts';

/** What is known of a call beside its body. */
export interface CallInfo {
  /** Mutations must not be sent twice. */
  readonly mutation: boolean;
  /** Entities asked for, before and after each is asked for once only; 0 for root fields. */
  readonly requested: number;
  readonly unique: number;
}

/** Sends the JSON text of an HTTP body to a subgraph; gives the JSON text of its answer, or the answer parsed. */
export type CallSubgraph = (service: string, body: string, info: CallInfo) => Promise<string | object>;

export interface RunOptions {
  /** As the client sent them; `CompiledOperation.checkVariables` says whether they are valid. */
  readonly variables?: Variables | null | undefined;
  readonly call: CallSubgraph;
  /** Ends the run: no call begins after it, and what is missing then is null with an error. */
  readonly signal?: { readonly aborted: boolean; readonly reason?: unknown } | undefined;
  /** Told of each call that failed, for logs: the client gets no more than a code. */
  readonly onError?: ((failure: { service: string; cause: unknown }) => void) | undefined;
  /** Whether the client can take deferred parts on their own. If not, they are part of the answer. */
  readonly incremental?: boolean | undefined;
}

const abandoned = new Error('nobody waits for the answer any more');

/** One run of a program: which calls are still to come, and what has been gathered. */
export class Execution {
  readonly state: RunState;
  /** Errors by the part of the answer that they belong to. */
  readonly errors: AnswerError[][];
  readonly #program: Program;
  readonly #options: RunOptions;
  readonly #waiting: number[];
  readonly #done: boolean[];
  readonly #watchers = new Set<() => void>();
  #left: number;

  constructor(program: Program, options: RunOptions) {
    this.#program = program;
    this.#options = options;
    this.state = {
      data: {},
      variables: options.variables ?? {},
      found: new Map(),
      absent: new Set(),
      repeated: new Set(),
    };
    this.errors = [[], ...program.deferred.map(() => [])];
    this.#waiting = program.calls.map(({ waitsFor }) => waitsFor);
    this.#done = program.calls.map(() => false);
    this.#left = program.calls.length;
  }

  /** Takes in data that is there before any call. */
  begin(pending: PendingCall | undefined, response: unknown): void {
    this.errors[0]?.push(...(pending?.accept(response) ?? []));
  }

  start(): void {
    this.#program.calls.forEach(({ waitsFor }, index) => {
      if (waitsFor === 0) this.#send(index);
    });
  }

  /** Resolves when every call of this part of the answer is done. */
  block(block: number): Promise<void> {
    return this.until(() => this.#program.calls.every((call, index) => call.block !== block || this.#done[index]));
  }

  all(): Promise<void> {
    return this.until(() => this.#left === 0);
  }

  isDone(calls: readonly number[]): boolean {
    return calls.every((index) => this.#done[index]);
  }

  /** Resolves as soon as the condition, looked at after each call, holds. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  #send(index: number): void {
    const { call: compiled, service, mutation, block } = this.#program.calls[index] ?? unreachable();
    const { call, signal, onError } = this.#options;
    const errors = this.errors[block] ?? unreachable();
    let pending: PendingCall | undefined;
    const failed = (cause: unknown): void => {
      onError?.({ service, cause });
      errors.push(...(pending?.fail(reasonOf(cause)) ?? [malformedAnswer]));
      this.#finish(index);
    };
    const answered = (response: unknown): void => {
      try {
        errors.push(...(pending?.accept(response) ?? []));
      } catch (cause) {
        failed(cause);
        return;
      }
      this.#finish(index);
    };
    try {
      pending = compiled(this.state);
      if (pending === undefined) {
        this.#finish(index);
      } else if (signal?.aborted) {
        failed(signal.reason ?? abandoned);
      } else {
        const { body, requested, unique } = pending;
        call(service, body, { mutation, requested, unique }).then(answered, failed);
      }
    } catch (cause) {
      failed(cause);
    }
  }

  #finish(index: number): void {
    this.#done[index] = true;
    this.#left--;
    for (const next of this.#program.calls[index]?.next ?? []) {
      const left = (this.#waiting[next] ?? 0) - 1;
      this.#waiting[next] = left;
      if (left === 0) this.#send(next);
    }
    for (const look of this.#watchers) look();
  }
}

function unreachable(): never {
  throw new Error('No such call.');
}
