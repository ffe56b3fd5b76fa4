import { createServer } from 'node:http';
import type { Logger } from '@chorus/kit/logger';
import { createAccessTokens } from '../../../router/src/auth/access-tokens.ts';
import { freePort } from '../harness/ports.ts';
import { type Findings, table } from '../harness/report.ts';
import { rounded } from '../harness/statistics.ts';
import { createSessions } from '../router/sessions.ts';

const TOKENS = 2000;
const AGAIN = 100;

/** Access tokens checked a second by the router's own verifier: each for the first time, and when it is remembered. */
export async function benchTokenChecks({
  logger,
  log,
}: {
  logger: Logger;
  log: (line: string) => void;
}): Promise<Findings> {
  log('token checks');
  const { issuer, keys, identities } = await createSessions(TOKENS);
  const port = await freePort();
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
  }).listen(port, '127.0.0.1');
  try {
    const verifier = createAccessTokens({ jwksUrl: `http://127.0.0.1:${port}/`, issuer, logger });
    const [first = '', ...tokens] = identities.map((identity) => identity.replace('Bearer ', ''));
    // The keys are fetched once.
    await verifier.verify(first);
    const people = new Set<string>();
    const perSecond = async (times: number): Promise<number> => {
      const began = performance.now();
      for (let time = 0; time < times; time++) {
        for (const token of tokens) people.add((await verifier.verify(token)).sub);
      }
      return (times * tokens.length * 1000) / (performance.now() - began);
    };
    const [cold, warm] = [rounded(await perSecond(1)), rounded(await perSecond(AGAIN))];
    return {
      lines: [
        '',
        'access tokens checked by the router',
        '',
        ...table([
          ['', 'a second'],
          ['for the first time', String(cold)],
          ['again', String(warm)],
        ]),
        '',
      ],
      ratios: {},
      absolute: { token_checks_cold_per_second: cold, token_checks_warm_per_second: warm },
      faults: people.size === tokens.length ? [] : [`WRONG token checks: ${people.size} people of ${tokens.length}`],
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
