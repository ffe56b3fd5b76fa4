import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { type Job, type Outcome, startLoad } from '../harness/load.ts';
import { type Findings, table } from '../harness/report.ts';
import { median, medianRatio, rounded } from '../harness/statistics.ts';
import { faultsOf } from './logins.ts';
import { PEOPLE } from './happened.ts';
import { handleOf, personId } from './people.ts';
import type { Service } from './service.ts';

const ROUNDS = { full: 5, quick: 3 };
/** Of requests of a kind in one round; of what can be read for the first time only once, at most so many. */
const SECONDS = { full: 3, quick: 1.5 };
const REQUESTS = 1500;
const CONNECTIONS = 8;
/** So many ask that no limit of one person is met. */
const VIEWERS = 500;

const PROFILE = 'query ($id: ID!) { user(id: $id) { handle name bio followerCount } }';
const FOLLOW = 'mutation ($id: ID!) { follow(userId: $id) { user { id } } }';
const SEARCH = 'query ($query: String!) { searchUsers(query: $query, first: 20) { edges { node { handle name } } } }';

/** Profiles read for the first time and again, follows and searches, a second. */
export async function benchServing(
  service: Service,
  { quick, log }: { quick: boolean; log: (line: string) => void },
): Promise<Findings> {
  const viewers = await Promise.all(
    Array.from({ length: VIEWERS }, (_, n) => service.headerOf({ userId: personId(n), emailVerified: true })),
  );
  const load = startLoad();
  const seconds = quick ? SECONDS.quick : SECONDS.full;
  const ask = async (query: string, variables: readonly object[], requests?: number): Promise<Stretch> => {
    const job: Job = {
      port: service.port,
      path: '/graphql',
      identities: 'none',
      headers: { [VIEWER_HEADER]: viewers },
      bodies: variables.map((each) => JSON.stringify({ query, variables: each })),
      connections: CONNECTIONS,
      seconds,
      ...(requests !== undefined && { requests }),
    };
    const began = performance.now();
    const outcome = await load.ask<Outcome>(job);
    return { outcome, perSecond: (outcome.requests * 1000) / (performance.now() - began) };
  };
  const found: Record<Kind, Stretch[]> = { cold: [], warm: [], follow: [], search: [] };
  try {
    log('serving: warming up');
    const early = Array.from({ length: VIEWERS }, (_, n) => n);
    await ask(
      PROFILE,
      early.map((n) => ({ id: personId(n) })),
    );
    await ask(
      SEARCH,
      early.map((n) => ({ query: handleOf(n) })),
    );
    const rounds = quick ? ROUNDS.quick : ROUNDS.full;
    for (let round = 0; round < rounds; round++) {
      log(`serving: round ${round + 1} of ${rounds}`);
      // Nobody has read of these before, nor follows them.
      const some = Array.from({ length: REQUESTS }, (_, n) => PEOPLE - 1 - round * REQUESTS - n);
      const profiles = some.map((n) => ({ id: personId(n) }));
      const cold = await ask(PROFILE, profiles, REQUESTS);
      found.cold.push(cold);
      found.warm.push(await ask(PROFILE, profiles.slice(0, cold.outcome.requests)));
      found.follow.push(await ask(FOLLOW, profiles, REQUESTS));
      found.search.push(
        await ask(
          SEARCH,
          some.map((n) => ({ query: handleOf(n).slice(0, 3 + (n % 6)) })),
        ),
      );
    }
  } finally {
    await load.stop();
  }
  return describe(found);
}

type Kind = 'cold' | 'warm' | 'follow' | 'search';
interface Stretch {
  outcome: Outcome;
  perSecond: number;
}

function describe(found: Record<Kind, Stretch[]>): Findings {
  const rates = (kind: Kind) => found[kind].map(({ perSecond }) => perSecond);
  const row = (label: string, kind: Kind) => [
    label,
    String(rounded(median(rates(kind)) ?? 0)),
    String(rounded(median(found[kind].map(({ outcome }) => outcome.p50)) ?? 0)),
    String(rounded(median(found[kind].map(({ outcome }) => outcome.p99)) ?? 0)),
  ];
  const figure = (kind: Kind) => rounded(median(rates(kind)) ?? 0);
  return {
    lines: [
      '',
      `one users service, ${CONNECTIONS} connections that ask without pause`,
      '',
      ...table([
        ['', 'a second', 'p50 ms', 'p99 ms'],
        row('profile, read for the first time', 'cold'),
        row('profile, read again', 'warm'),
        row('follow', 'follow'),
        row('search', 'search'),
      ]),
      '',
    ],
    ratios: { profile_warm_vs_cold: medianRatio(rates('warm'), rates('cold')) },
    absolute: {
      profile_cold_per_second: figure('cold'),
      profile_warm_per_second: figure('warm'),
      follows_per_second: figure('follow'),
      searches_per_second: figure('search'),
    },
    faults: Object.entries(found).flatMap(([kind, stretches]) =>
      stretches.flatMap(({ outcome }) => faultsOf(kind, outcome)),
    ),
  };
}
