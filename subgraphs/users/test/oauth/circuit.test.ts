/** When a provider is left alone, on a clock of the test's own. */
import { CircuitBreaker } from '@chorus/kit/circuit-breaker';
import { AuthorizationResponseError } from 'openid-client';
import { expect, test } from 'vitest';
import { createProviderCalls, ProviderFault } from '../../src/oauth/provider.ts';
import { PROVIDER_CIRCUIT } from '../../src/oauth/providers.ts';

function create() {
  const states: string[] = [];
  let time = 0;
  let answer: () => Promise<Response> = () => Promise.resolve(new Response('{}'));
  let asked = 0;
  const calls = createProviderCalls({
    timeoutMs: 10_000,
    breaker: new CircuitBreaker((state) => states.push(state), PROVIDER_CIRCUIT),
    send: () => (asked++, answer()),
    now: () => time,
  });
  const get = { method: 'GET', headers: {}, body: null, redirect: 'manual' } as const;
  /** One step of a sign-in, which asks once and then does what is given; its reason when it failed. */
  const step = (then: (response: Response) => unknown = () => null) =>
    calls
      .within(async () => void then(await calls.fetch('http://provider.test/', get)))
      .catch((error: unknown) => (error instanceof ProviderFault ? error.reason : error));
  return {
    states,
    step,
    calls,
    asked: () => asked,
    later: (ms: number) => void (time += ms),
    answers: (next: () => Promise<Response>) => void (answer = next),
  };
}
const gone = () => Promise.reject(new TypeError('fetch failed'));
const repeat = async (count: number, run: () => Promise<unknown>) => {
  for (let n = 0; n < count; n++) await run();
};

test('after five steps without an answer it is not asked for 15 s, then once to see, until it answers', async () => {
  const { states, step, asked, later, answers } = create();
  answers(gone);
  await repeat(4, step);
  expect(states).toEqual([]);
  expect(await step()).toBe('PROVIDER_UNAVAILABLE');
  expect(states).toEqual(['open']);
  later(14_999);
  expect(await step()).toBe('PROVIDER_UNAVAILABLE');
  expect(asked()).toBe(5);
  later(1);
  expect(await step()).toBe('PROVIDER_UNAVAILABLE');
  expect([asked(), states]).toEqual([6, ['open', 'half-open', 'open']]);
  later(15_000);
  answers(() => Promise.resolve(new Response('{}')));
  expect(await step()).toBeUndefined();
  expect(states.at(-1)).toBe('closed');
});

test('an answer that is refused is an answer, and what a browser brings counts for nothing', async () => {
  const { states, step, calls } = create();
  await repeat(50, () =>
    step(() => {
      throw new Error('an id token is missing');
    }),
  );
  const cause = new URLSearchParams({ error: 'server_error' });
  const forged = () =>
    calls.within(() => Promise.reject(new AuthorizationResponseError('forged', { cause }))).catch(() => null);
  await repeat(200, forged);
  expect(states).toEqual([]);
});

test('failures that are older than a minute are forgotten', async () => {
  const { states, step, later, answers } = create();
  answers(gone);
  await repeat(4, step);
  later(60_001);
  await repeat(4, step);
  expect(states).toEqual([]);
  await step();
  expect(states).toEqual(['open']);
});
