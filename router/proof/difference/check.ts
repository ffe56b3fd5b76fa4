import { Supergraph } from '@apollo/federation-internals';
import { parse, print, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { type Compiler, printAnswer } from '../../src/execution/compiled/index.ts';
import { fieldNamesOf, prepare } from '../../src/execution/compiled/prepare.ts';
import { compare, type Difference } from './compare.ts';
import { assemble, withDefer } from './deferral.ts';
import { knownDifferences } from './known-differences.ts';
import { createLocalCompiler } from './local-compiler.ts';
import { randomOperation, type RandomOperation } from './operations.ts';
import { Random, hash } from './random.ts';
import { shrink } from './shrink.ts';
import { spell } from './spelling.ts';
import { StockExecutor } from './stock.ts';
import { compose, type SupergraphSource } from './supergraphs.ts';
import { World, type Weather } from './world.ts';

export interface Counts {
  operations: number;
  /** Operations made up that were not valid. */
  discarded: number;
  /** Operations that the query planner itself cannot plan. */
  unplanned: number;
  runs: number;
  /** Runs in which a part of the answer was deferred. */
  deferred: number;
  /** Errors in our answers, and answers in which something was null because of one. */
  errors: number;
  ourCalls: number;
  stockCalls: number;
  /** By name of the known difference, in how many runs it showed. */
  known: Record<string, number>;
}

export interface Failure {
  readonly supergraph: string;
  readonly seed: number;
  readonly weather: Weather;
  readonly operation: RandomOperation;
  readonly differences: readonly Difference[];
}

/** Both executors over one supergraph, and the world behind it. */
export class Arena {
  readonly name: string;
  readonly #source: SupergraphSource;
  readonly #compiler: Compiler & { readonly schema: GraphQLSchema };
  readonly #stock: StockExecutor;
  readonly #world: World;
  readonly #fieldNames: ReadonlySet<string>;

  constructor(source: SupergraphSource) {
    this.name = source.name;
    this.#source = source;
    const supergraph = Supergraph.build(compose(source));
    this.#compiler = createLocalCompiler(supergraph);
    this.#stock = new StockExecutor(supergraph, Object.keys(source.subgraphs));
    this.#world = new World(source, this.#compiler.schema);
    this.#fieldNames = fieldNamesOf(supergraph.schema.toGraphQLJSSchema());
  }

  /** Makes up the operation of a seed and runs it in three kinds of weather. */
  async check(seed: number, counts: Counts): Promise<Failure | undefined> {
    const operation = randomOperation(this.#compiler.schema, seed, this.#source.limits);
    const document = parse(operation.query);
    if (validate(this.#compiler.schema, document).length > 0) {
      counts.discarded++;
      return undefined;
    }
    const refusal = await this.#refusal(document);
    if (refusal !== undefined) {
      counts.unplanned++;
      return undefined;
    }
    counts.operations++;
    for (const weather of this.#weathers(seed)) {
      const differences = await this.differences(document, operation.variables, weather, counts);
      if (differences.length === 0) continue;
      const smallest = await shrink(this.#compiler.schema, operation, async ({ query, variables }) => {
        const left = await this.differences(parse(query), variables, weather);
        return left.length > 0;
      });
      const left = await this.differences(parse(smallest.query), smallest.variables, weather);
      return { supergraph: this.name, seed, weather, operation: smallest, differences: left };
    }
    return undefined;
  }

  /** Why an operation cannot be planned, if the stock planner cannot plan it as it stands either. */
  async #refusal(document: DocumentNode): Promise<unknown> {
    try {
      await this.#compiler.compile(document);
      return undefined;
    } catch (ours) {
      try {
        this.#stock.plan(document);
      } catch {
        return ours;
      }
      throw ours;
    }
  }

  /** The differences that nothing explains. */
  async differences(
    document: DocumentNode,
    variables: Record<string, unknown>,
    weather: Weather,
    counts?: Counts,
  ): Promise<Difference[]> {
    const operation = await this.#compiler.compile(document);
    const plan = await operation.planFor(variables);
    const prepared = prepare(document, undefined, this.#fieldNames);
    const ourWorld = this.#world.run(weather);
    const stockWorld = this.#world.run(weather);
    const answer = await operation.run({
      variables,
      call: async (service, body) =>
        spell(
          await ourWorld.call(service, JSON.parse(body) as Parameters<typeof ourWorld.call>[1]),
          new Random(hash(weather.seed, service, body)),
        ),
    });
    const ours = { data: JSON.parse(answer.data) as unknown, errors: answer.errors };
    const stock = await this.#stock.run(plan, prepared, variables, stockWorld);
    const all = compare(ours, stock);
    const unexplained = all.filter((difference) => {
      const known = knownDifferences.find((candidate) =>
        candidate.explains(difference, all, { ours, stock, plan, denied: ourWorld.denied }),
      );
      if (known && counts) counts.known[known.name] = (counts.known[known.name] ?? 0) + 1;
      return known === undefined;
    });
    if (weather.plain) {
      // Keys in the client's order, so the text has to be the same.
      const whole = JSON.stringify(await this.#world.whole(document, variables, weather));
      const own = printAnswer(answer);
      if (own !== whole) unexplained.push({ kind: 'whole', path: undefined, ours: own, stock: whole });
    }
    if (weather.plain) unexplained.push(...(await this.#deferring(document, variables, weather, ours.data, counts)));
    if (counts) {
      counts.runs++;
      counts.errors += ours.errors.length;
      counts.ourCalls += ourWorld.calls.length;
      counts.stockCalls += stockWorld.calls.length;
    }
    return unexplained;
  }

  /** With some fragments deferred, the parts have to make up the same answer. */
  async #deferring(
    document: DocumentNode,
    variables: Record<string, unknown>,
    weather: Weather,
    expected: unknown,
    counts: Counts | undefined,
  ): Promise<Difference[]> {
    const deferring = withDefer(document, new Random(weather.seed));
    if (print(deferring) === print(document) || validate(this.#compiler.schema, deferring).length > 0) return [];
    const world = this.#world.run(weather);
    const operation = await this.#compiler.compile(deferring);
    const answer = await operation.run({
      variables,
      incremental: true,
      call: async (service, body) =>
        spell(
          await world.call(service, JSON.parse(body) as Parameters<typeof world.call>[1]),
          new Random(hash(weather.seed, service, body)),
        ),
    });
    if (counts) counts.deferred += answer.subsequent ? 1 : 0;
    const differences = compare(
      { data: await assemble(answer), errors: answer.errors },
      { data: expected, errors: [], completion: [] },
    );
    return differences.map((difference) => ({ ...difference, kind: 'deferred' }));
  }

  #weathers(seed: number): Weather[] {
    const random = new Random(hash(seed, this.name, 'weather'));
    const services = Object.keys(this.#source.subgraphs);
    const fair = { seed, nulls: 0, wrongNulls: 0, errors: 0, missing: 0, plain: true, down: [] };
    const rough = { ...fair, plain: false, nulls: 0.15, wrongNulls: 0.03, errors: 0.05, missing: 0.08 };
    return [fair, rough, { ...rough, missing: 0, down: [random.pick(services)] }];
  }
}

export const newCounts = (): Counts => ({
  operations: 0,
  discarded: 0,
  unplanned: 0,
  runs: 0,
  deferred: 0,
  errors: 0,
  ourCalls: 0,
  stockCalls: 0,
  known: {},
});

/** A failure as a reader wants to see it. */
export function describe({ supergraph, seed, weather, operation, differences }: Failure): string {
  return [
    `supergraph ${supergraph}, seed ${seed}, weather ${JSON.stringify(weather)}`,
    operation.query,
    `variables ${JSON.stringify(operation.variables)}`,
    ...differences.slice(0, 10).map((difference) => JSON.stringify(difference)),
  ].join('\n');
}
