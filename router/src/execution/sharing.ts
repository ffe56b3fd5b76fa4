import type { OperationDefinitionNode } from 'graphql';
import type { Answer } from './compiled/index.ts';
import type { Subgraph } from '../gateway/gateway.ts';
import { filterCookies } from '../gateway/passed-headers.ts';
import type { OperationContext } from '../operation/context.ts';

/**
 * Equal queries under way at the same time: one of them runs, and all get its answer. Equal are those of the same
 * operation with the same variables for which subgraphs are told the same of who asks. Nobody gets what is older than a
 * mutation that had its answer before: a query that begins after that joins none that began before.
 */
export class SharedQueries {
  readonly #identityOf: (context: OperationContext) => string;
  readonly #running = new WeakMap<OperationDefinitionNode, Map<string, Running>>();
  #mutations = 0;

  /** @param subgraphs what they are told of a request is what tells two of them apart */
  constructor(subgraphs: Iterable<Subgraph>) {
    this.#identityOf = identity([...subgraphs]);
  }

  /** A mutation was answered. */
  noteMutation(): void {
    this.#mutations++;
  }

  /** Runs a query, or waits for the same one that runs already. */
  async run(
    definition: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
    context: OperationContext,
    execute: () => Promise<Answer>,
  ): Promise<Answer> {
    const key = `${this.#mutations} ${JSON.stringify(variables)} ${this.#identityOf(context)}`;
    let queries = this.#running.get(definition);
    if (queries === undefined) this.#running.set(definition, (queries = new Map()));
    const known = queries.get(key)?.run;
    if (known !== undefined && known.join(context)) {
      const answer = await known.answer;
      // A cookie is for the one who asked.
      if (known.setsCookies) return execute();
      context.shared = true;
      if (known.returned !== undefined) context.returned = known.returned;
      return answer;
    }
    const run = new SharedRun(context, execute);
    const running: Running = { run };
    queries.set(key, running);
    try {
      return await run.answer;
    } finally {
      running.run = undefined;
      if (queries.get(key) === running) queries.delete(key);
    }
  }
}

/** What a Map holds of a run, emptied at its end: old tables of the Map would keep the run alive (see bag.ts). */
interface Running {
  run: SharedRun | undefined;
}

/** One run and all who wait for it. It is abandoned when all of them are gone. */
class SharedRun {
  readonly answer: Promise<Answer>;
  readonly #leader: OperationContext;
  readonly #clients: OperationContext['signal'][];

  constructor(leader: OperationContext, execute: () => Promise<Answer>) {
    this.#leader = leader;
    this.#clients = [leader.signal];
    leader.signal = this;
    this.answer = execute();
  }

  get aborted(): boolean {
    return this.#clients.every(({ aborted }) => aborted);
  }

  get returned(): OperationContext['returned'] {
    return this.#leader.returned;
  }

  get setsCookies(): boolean {
    return this.returned?.has('set-cookie') === true;
  }

  /** @returns false when everybody has left and it is about to be given up */
  join({ signal }: OperationContext): boolean {
    if (this.aborted) return false;
    this.#clients.push(signal);
    return true;
  }
}

/** How to name all that subgraphs are told of who asks. */
function identity(subgraphs: readonly Subgraph[]): (context: OperationContext) => string {
  const names = [...new Set(subgraphs.flatMap(({ forwardHeaders }) => forwardHeaders))];
  const cookies = new Set(subgraphs.flatMap(({ forwardCookies }) => forwardCookies));
  const known = subgraphs.some(({ viewerTokens }) => viewerTokens !== null);
  const [only] = names;
  // The usual case, and the cheapest.
  if (!known && cookies.size === 0 && names.length <= 1) {
    return ({ headers }) => (only === undefined ? '' : (headers.get(only) ?? ''));
  }
  return ({ headers, viewer }) => {
    const parts: unknown[] = names.map((name) => headers.get(name));
    const sent = cookies.size === 0 ? undefined : headers.get('cookie');
    if (sent !== undefined) parts.push(filterCookies(sent, (name) => cookies.has(name)));
    if (known) parts.push(viewer);
    return parts.length === 0 ? '' : JSON.stringify(parts);
  };
}
