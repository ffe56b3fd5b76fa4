import path from 'node:path';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { hash } from '@node-rs/argon2';
import { COST } from '../../../subgraphs/users/src/account/password.ts';
import { hashOf, type Job, type Outcome, startLoad } from '../harness/load.ts';
import { startWorker } from '../harness/processes.ts';
import { type Findings, table } from '../harness/report.ts';
import { median, medianRatio, rounded } from '../harness/statistics.ts';
import type { Comparisons } from './argon2.ts';
import { handleOf, letSignIn, PASSWORD, personId } from './people.ts';
import { ONE_HASHING_THREAD, type Service } from './service.ts';
import type { World } from './world.ts';

const ROUNDS = { full: 7, quick: 3 };
const SECONDS = { full: 6, quick: 2 };
/** Enough that the thread that hashes never waits, and nobody waits for 2 s, which would be refused. */
const AT_ONCE = 12;
/** Of other requests, whatever else there is to do. */
const OTHERS_PER_SECOND = 100;
/** Those who sign in, each at most once a round; those whom the others ask for. */
const ACCOUNTS = 2000;
const ASKED_FOR = 200;

const LOG_IN = 'mutation ($input: LogInInput!) { logIn(input: $input) { __typename } }';
const USER = 'query ($id: ID!) { user(id: $id) { handle name bio followerCount } }';

/**
 * Log-ins a second beside bare argon2id, each with one thread that hashes; and how long others wait meanwhile, beside how
 * long they wait when there is nothing else to do. Log-ins come by a service account, whom no limit of one person holds.
 */
export async function benchLogIns(
  world: World,
  service: Service,
  { quick, log }: { quick: boolean; log: (line: string) => void },
): Promise<Findings> {
  const [rounds, seconds] = quick ? [ROUNDS.quick, SECONDS.quick] : [ROUNDS.full, SECONDS.full];
  const passwordHash = await hash(PASSWORD, COST);
  await letSignIn(world.databases.users, ACCOUNTS, passwordHash);
  const common = { port: service.port, path: '/graphql', identities: 'none' } as const;
  const logIns: Job = {
    ...common,
    bodies: Array.from({ length: ACCOUNTS }, (_, n) =>
      JSON.stringify({ query: LOG_IN, variables: { input: { identifier: handleOf(n), password: PASSWORD } } }),
    ),
    headers: { [VIEWER_HEADER]: await service.headerOf({ service: 'bench' }) },
    connections: AT_ONCE,
  };
  const others: Job = {
    ...common,
    bodies: Array.from({ length: ASKED_FOR }, (_, n) =>
      JSON.stringify({ query: USER, variables: { id: personId(n) } }),
    ),
    headers: { [VIEWER_HEADER]: await service.headerOf({ userId: personId(0) }) },
    connections: 8,
    rate: OTHERS_PER_SECOND,
  };
  const argon2 = startWorker({ args: [path.join(import.meta.dirname, 'argon2.ts')], env: ONE_HASHING_THREAD }, 'any');
  const [logInLoad, otherLoad] = [startLoad(), startLoad()];
  const found: Round[] = [];
  try {
    log('log-ins: warming up');
    await Promise.all([
      logInLoad.ask<Outcome>({ ...logIns, seconds: 2 }),
      otherLoad.ask<Outcome>({ ...others, seconds: 3 }),
    ]);
    for (let round = 1; round <= rounds; round++) {
      log(`log-ins: round ${round} of ${rounds}`);
      const question: Comparisons = { hash: passwordHash, password: PASSWORD, atOnce: AT_ONCE, seconds };
      const bare = await argon2.ask<number>(question);
      const idle = await otherLoad.ask<Outcome>({ ...others, seconds });
      const began = performance.now();
      const alone = await logInLoad.ask<Outcome>({ ...logIns, seconds });
      const perSecond = (alone.requests * 1000) / (performance.now() - began);
      const [meanwhile, during] = await Promise.all([
        logInLoad.ask<Outcome>({ ...logIns, seconds }),
        otherLoad.ask<Outcome>({ ...others, seconds }),
      ]);
      found.push({ bare, perSecond, idle, during, logIns: [alone, meanwhile] });
    }
  } finally {
    await Promise.all([argon2, logInLoad, otherLoad].map((worker) => worker.stop()));
  }
  return describe(found);
}

interface Round {
  /** Comparisons and log-ins a second. */
  bare: number;
  perSecond: number;
  idle: Outcome;
  during: Outcome;
  logIns: Outcome[];
}

function describe(rounds: readonly Round[]): Findings {
  const of = (figure: (round: Round) => number) => rounds.map(figure);
  const middle = (figure: (round: Round) => number) => rounded(median(of(figure)) ?? 0);
  const [bare, perSecond] = [middle((one) => one.bare), middle((one) => one.perSecond)];
  const [idle, during] = [middle((one) => one.idle.p99), middle((one) => one.during.p99)];
  return {
    lines: [
      '',
      'log-ins, and a profile read 100 times a second by others; one thread hashes',
      '',
      ...table([
        ['', 'a second', "others' p99 in ms"],
        ['bare argon2id', String(bare), ''],
        ['log-ins', String(perSecond), String(during)],
        ['nothing', '', String(idle)],
      ]),
      '',
    ],
    ratios: {
      login_vs_argon2: medianRatio(
        of((one) => one.perSecond),
        of((one) => one.bare),
      ),
      others_p99_during_logins: medianRatio(
        of((one) => one.during.p99),
        of((one) => one.idle.p99),
      ),
    },
    absolute: { logins_per_second: perSecond, argon2_per_second: bare, others_p99_ms: { idle, during } },
    faults: rounds.flatMap(({ logIns, idle, during }) => [
      ...logIns.flatMap((one) => faultsOf('log-ins', one, SIGNED_IN)),
      ...[idle, during].flatMap((one) => faultsOf('others during log-ins', one)),
    ]),
  };
}

const SIGNED_IN = hashOf({ logIn: { __typename: 'Session' } });

/** @param expected the hash of the only right answer, if there is one */
export function faultsOf(what: string, { failures, failure, answers }: Outcome, expected?: string): string[] {
  if (failures > 0) return [`WRONG ${what}: ${failures} failed: ${failure}`];
  const wrong = expected !== undefined && answers.some((answer) => answer !== expected);
  return wrong || answers.length === 0 ? [`WRONG ${what}: not what was to be answered`] : [];
}
