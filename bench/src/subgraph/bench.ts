import path from 'node:path';
import { signToken } from '@chorus/kit/tokens';
import { anonymous, VIEWER_HEADER } from '@chorus/kit/viewer';
import { type Outcome, type Job, startLoad } from '../harness/load.ts';
import { freePort } from '../harness/ports.ts';
import { type Command, startProgram } from '../harness/processes.ts';
import { untilItAnswers } from '../harness/ready.ts';
import { type Findings, table } from '../harness/report.ts';
import { median, medianRatio, rounded } from '../harness/statistics.ts';
import { usageOf } from '../harness/usage.ts';
import { requests } from './world.ts';

type Kind = 'kit' | 'stock';
const kinds = ['kit', 'stock'] as const;
type Weight = keyof typeof requests;
const weights = ['heavy', 'light'] as const;

interface Stretch extends Outcome {
  cpuSeconds: number;
}
/** One stretch for each round. */
type Stretches = Record<Kind, Record<Weight, Stretch[]>>;

const FULL = { rounds: 7, warmUp: 4, seconds: 2 };
const QUICK = { rounds: 5, warmUp: 1, seconds: 0.5 };
const CONNECTIONS = 20;
const KEY = 'a-key-for-measurements-only-0123456789';
/** The router renews tokens every few seconds; here one lasts. */
const TOKEN_SECONDS = 3600;
const root = path.join(import.meta.dirname, '../../..');

/**
 * One subgraph served by kit and by stock @apollo/server + @apollo/subgraph: the same schema and resolvers. kit's has its
 * viewer token checked and, as in the product, one trace in a hundred recorded; the other does neither.
 * @param tracesUrl takes spans
 */
export async function benchSubgraph(options: {
  quick: boolean;
  log: (line: string) => void;
  tracesUrl: string;
}): Promise<Findings> {
  const { rounds, warmUp, seconds } = options.quick ? QUICK : FULL;
  const token = await signToken(KEY, 'viewer+jwt', anonymous, TOKEN_SECONDS);
  const headers = { [VIEWER_HEADER]: token };
  const load = startLoad();
  const started = await Promise.all(kinds.map(async (kind) => start(kind, headers, options.tracesUrl)));
  try {
    const results: Stretches = { kit: { heavy: [], light: [] }, stock: { heavy: [], light: [] } };
    const pass = async (into: Stretches | null, seconds: number) => {
      for (const weight of weights) {
        for (const { kind, program, port } of started) {
          const job: Job = {
            port,
            path: '/graphql',
            bodies: [requests[weight]],
            identities: 'none',
            headers,
            connections: CONNECTIONS,
            seconds,
          };
          const before = usageOf(program.pid).cpuSeconds;
          const outcome = await load.ask<Outcome>(job);
          into?.[kind][weight].push({ ...outcome, cpuSeconds: usageOf(program.pid).cpuSeconds - before });
        }
      }
    };
    options.log('a subgraph: warming up');
    await pass(null, warmUp);
    for (let round = 1; round <= rounds; round++) {
      options.log(`a subgraph: round ${round} of ${rounds}`);
      await pass(results, seconds);
    }
    return describe(results);
  } finally {
    await Promise.all([...started.map(({ program }) => program.stop()), load.stop()]);
  }
}

async function start(kind: Kind, headers: Record<string, string>, tracesUrl: string) {
  const port = await freePort();
  const script = [path.join(import.meta.dirname, 'server.ts'), kind, String(port), KEY];
  const command: Command =
    kind === 'stock'
      ? { args: script }
      : {
          args: ['--import', path.join(root, 'kit/src/telemetry/register.ts'), ...script],
          env: {
            OTEL_SERVICE_NAME: 'posts',
            OTEL_EXPORTER_OTLP_ENDPOINT: tracesUrl,
            OTEL_TRACES_SAMPLER_ARG: '0.01',
          },
        };
  const program = startProgram(command, { processor: 'measured' });
  await untilItAnswers(program, { port, body: requests.light, headers }, `the subgraph on ${kind}`);
  return { kind, program, port };
}

const throughputs = (stretches: readonly Stretch[]): number[] =>
  stretches.map(({ requests, cpuSeconds }) => requests / Math.max(cpuSeconds, 0.01));

function describe(results: Stretches): Findings {
  const ratio = (weight: Weight) => medianRatio(throughputs(results.kit[weight]), throughputs(results.stock[weight]));
  const figure = (kind: Kind, weight: Weight) => rounded(median(throughputs(results[kind][weight])) ?? 0);
  const all = weights.flatMap((weight) =>
    kinds.flatMap((kind) => results[kind][weight].map((one) => ({ kind, weight, one }))),
  );
  const failed = all.flatMap(({ kind, weight, one }) =>
    one.failures > 0 ? [`a subgraph on ${kind}, ${weight}: ${one.failures} failed: ${one.failure ?? ''}`] : [],
  );
  const unequal = weights.flatMap((weight) => {
    const answers = new Set(kinds.flatMap((kind) => results[kind][weight].flatMap((one) => one.answers)));
    return answers.size === 1 ? [] : [`a subgraph, ${weight}: ${answers.size} different answers`];
  });
  const bytes = Math.max(...results.kit.heavy.map((one) => one.bytes));
  return {
    lines: [
      `a subgraph, requests per CPU-second: an entity list of ${Math.round(bytes / 1000)} kB, and one light field`,
      '',
      ...table([
        ['', 'heavy', 'light'],
        ['kit/server', ...weights.map((weight) => String(figure('kit', weight)))],
        ['@apollo/server + subgraph', ...weights.map((weight) => String(figure('stock', weight)))],
      ]),
      '',
    ],
    ratios: { subgraph_vs_stock_heavy: ratio('heavy'), subgraph_vs_stock_light: ratio('light') },
    absolute: {
      subgraph: Object.fromEntries(
        kinds.map((kind) => [kind, { heavy: figure(kind, 'heavy'), light: figure(kind, 'light') }]),
      ),
    },
    faults: [...failed, ...unequal],
  };
}
