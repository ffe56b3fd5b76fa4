import { processors } from '../harness/processes.ts';
import { type Report, table } from '../harness/report.ts';
import { rounded } from '../harness/statistics.ts';
import { benchSubgraph } from '../subgraph/bench.ts';
import { contender, type ContenderName, contenderNames } from './contenders.ts';
import { type Field, startField } from './field.ts';
import { figures, figuresOf, ratioOver, ratiosOf, type Results } from './figures.ts';
import { type OperationName, operationNames, operations, requestBody, unseen } from './operations.ts';
import { faultsOf } from './verify.ts';

/** Seconds of load. Everybody gets the same, so that those who take longer to warm up have no less of it. */
interface Lengths {
  rounds: number;
  /** No round begins that would end later than this after the start; one there is in any case. */
  limit: number;
  warmUp: Record<OperationName, number>;
  measure: Record<OperationName, number>;
  unseen: number;
}
const FULL: Lengths = {
  rounds: 5,
  limit: Infinity,
  warmUp: { heavy: 6, light: 4 },
  measure: { heavy: 5, light: 3 },
  unseen: 40,
};
const QUICK: Lengths = {
  rounds: 2,
  limit: 85,
  // Less, and what is measured is the compilation of JavaScript.
  warmUp: { heavy: 2, light: 2.5 },
  measure: { heavy: 1, light: 0.7 },
  unseen: 15,
};
const CONNECTIONS = 50;

/** The router next to its peers, all on the same subgraphs and operations: A B C, A B C, … */
export async function benchRouter(options: { quick: boolean; log: (line: string) => void }): Promise<Report> {
  const { quick, log } = options;
  const lengths = quick ? QUICK : FULL;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  if (processors === null) log('No taskset, or a single processor: load and gateways share processors.');
  const field = await startField(log);
  try {
    const results: Results = new Map(field.names.map((name) => [name, { heavy: [], light: [] }]));
    const warmedUp: Results = new Map(field.names.map((name) => [name, { heavy: [], light: [] }]));
    const pass = async (into: Results, length: Record<OperationName, number>) => {
      for (const [name, stretches] of into) {
        for (const operation of operationNames) {
          const bodies = [requestBody(operations[operation])];
          const job = { bodies, connections: CONNECTIONS, seconds: length[operation] };
          stretches[operation].push(await field.run(name, job));
        }
      }
    };
    log('warming up');
    await pass(warmedUp, lengths.warmUp);
    let longest = 0;
    for (let round = 1; round <= lengths.rounds; round++) {
      const now = seconds();
      if (round > 1 && now + longest > lengths.limit) {
        log(`the machine is busy: no time for round ${round}`);
        break;
      }
      log(`round ${round} of ${lengths.rounds}`);
      await pass(results, lengths.measure);
      longest = Math.max(longest, seconds() - now);
    }
    const memory = new Map(field.names.map((name) => [name, field.usage(name).peakMemory]));
    const firstSeen = {
      heavy: await costOfFirst(field, 'heavy', lengths.unseen, results),
      light: await costOfFirst(field, 'light', lengths.unseen, results),
    };
    const subgraph = await benchSubgraph({ quick, log, tracesUrl: field.tracesUrl });
    const faults = [...faultsOf(results), ...subgraph.faults];
    return {
      bench: 'router',
      lines: [
        ...describe(field, results, memory),
        ...describeCosts(results, firstSeen),
        ...subgraph.lines,
        ...faults,
        '',
      ],
      ratios: { ...ratiosOf(results), ...subgraph.ratios },
      absolute: { ...figuresOf(results, memory), first_seen_cpu_ms: firstSeen, ...subgraph.absolute },
      equal: faults.length === 0,
    };
  } finally {
    await field.stop();
  }
}

/** Milliseconds of processor time that an operation costs our router the first time, beyond what it costs later. */
async function costOfFirst(field: Field, operation: OperationName, count: number, results: Results): Promise<number> {
  const bodies = Array.from({ length: count }, (_, turn) => requestBody(unseen(operation, turn)));
  const { cpuSeconds } = await field.run('chorus', { bodies, connections: 1, requests: count });
  const later = 1 / figures(results, 'chorus', operation).requests_per_cpu_second;
  return rounded(Math.max(0, cpuSeconds / count - later) * 1000);
}

function describe(field: Field, results: Results, memory: ReadonlyMap<ContenderName, number>): string[] {
  const rows = contenderNames.map((name) => {
    const { label } = contender(name);
    if (!results.has(name)) return [label, (field.absent.get(name) ?? '').split('\n', 1)[0] ?? ''];
    const cells = operationNames.flatMap((operation) => {
      const { requests_per_cpu_second, p50_ms, p99_ms, subgraph_calls } = figures(results, name, operation);
      return [requests_per_cpu_second, p50_ms, p99_ms, subgraph_calls].map(String);
    });
    return [label, ...cells, String(Math.round(memory.get(name) ?? 0))];
  });
  const bytes = figures(results, 'chorus', 'heavy').bytes;
  return [
    '',
    `heavy: an answer of ${Math.round(bytes / 1000)} kB; light: one field of one call; ${CONNECTIONS} connections that ask without pause`,
    '',
    ...table([
      ['', 'heavy', 'p50', 'p99', '', 'light', 'p50', 'p99', '', 'peak'],
      ['', 'req/CPU-s', 'ms', 'ms', 'calls', 'req/CPU-s', 'ms', 'ms', 'calls', 'MB'],
      ...rows,
    ]),
    '',
  ];
}

function describeCosts(results: Results, firstSeen: Record<OperationName, number>): string[] {
  const traced = (operation: OperationName) => {
    const costs = ratioOver(results, operation, 'chorus_traced');
    return costs === null ? 'n/a' : `${((costs - 1) * 100).toFixed(0)} %`;
  };
  return [
    `an operation seen first: ${firstSeen.heavy} ms (heavy), ${firstSeen.light} ms (light) of processor time more`,
    `tracing every request instead of one in a hundred: ${traced('heavy')} (heavy), ${traced('light')} (light) more`,
    '',
  ];
}
