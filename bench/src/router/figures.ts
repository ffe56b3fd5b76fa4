import { median, medianRatio, rounded } from '../harness/statistics.ts';
import { contender, type ContenderName, contenderNames } from './contenders.ts';
import type { Stretch } from './field.ts';
import type { OperationName } from './operations.ts';

/** By contender and operation, one stretch for each round. */
export type Results = Map<ContenderName, Record<OperationName, Stretch[]>>;

/** Requests per second of processor time, by round. */
const throughputs = (results: Results, name: ContenderName, operation: OperationName): number[] =>
  (results.get(name)?.[operation] ?? []).map(({ requests, cpuSeconds }) => requests / Math.max(cpuSeconds, 0.01));

/** How many times our router is one of the others. */
export const ratioOver = (results: Results, operation: OperationName, name: ContenderName): number | null =>
  medianRatio(throughputs(results, 'chorus', operation), throughputs(results, name, operation));

/** How many times our router is each of the others; the best Node peer is the one we are least ahead of. */
export function ratiosOf(results: Results): Record<string, number | null> {
  const against = (operation: OperationName, names: readonly ContenderName[]): number | null => {
    const ratios = names.flatMap((name) => ratioOver(results, operation, name) ?? []);
    return ratios.length === 0 ? null : Math.min(...ratios);
  };
  const nodePeers = contenderNames.filter((name) => contender(name).kind === 'node');
  return {
    heavy_vs_stock: against('heavy', ['stock']),
    heavy_vs_best_node: against('heavy', nodePeers),
    heavy_vs_rust: against('heavy', ['grafbase']),
    heavy_vs_handwritten: against('heavy', ['handwritten']),
    light_vs_stock: against('light', ['stock']),
    light_vs_best_node: against('light', nodePeers),
    light_vs_rust: against('light', ['grafbase']),
  };
}

const middle = (stretches: readonly Stretch[], of: (stretch: Stretch) => number): number =>
  rounded(median(stretches.map(of)) ?? 0);

/** The medians over the rounds. */
export function figures(results: Results, name: ContenderName, operation: OperationName) {
  const stretches = results.get(name)?.[operation] ?? [];
  return {
    requests_per_cpu_second: rounded(median(throughputs(results, name, operation)) ?? 0),
    p50_ms: middle(stretches, (stretch) => stretch.p50),
    p99_ms: middle(stretches, (stretch) => stretch.p99),
    subgraph_calls: middle(stretches, ({ census, requests }) => census.calls / requests),
    bytes: Math.max(...stretches.map(({ bytes }) => bytes)),
  };
}

export const figuresOf = (results: Results, memory: ReadonlyMap<ContenderName, number>): Record<string, unknown> =>
  Object.fromEntries(
    [...results.keys()].map((name) => [
      name,
      {
        heavy: figures(results, name, 'heavy'),
        light: figures(results, name, 'light'),
        memory_mb: Math.round(memory.get(name) ?? 0),
      },
    ]),
  );
