/** The rules of calls, on a clock of the test's own. */
import { CircuitBreaker, type CircuitState, type Outcome } from '@chorus/kit/circuit-breaker';
import { createLogger } from '@chorus/kit/logger';
import { describe, expect, test } from 'vitest';
import { Bulkhead, BulkheadFull } from '../src/gateway/bulkhead.ts';
import type { HttpClient } from '../src/gateway/http-client.ts';
import { type Instance, Instances } from '../src/gateway/instances.ts';
import { backoff, RetryBudget } from '../src/gateway/retry-budget.ts';
import type { UploadClient } from '../src/gateway/upload-client.ts';

describe('the circuit', () => {
  const create = () => {
    const states: CircuitState[] = [];
    const breaker = new CircuitBreaker((state) => states.push(state));
    /** Whether a call was let through, and so came to this. */
    const call = (outcome: Outcome, now: number): boolean => {
      const pass = breaker.admit(now);
      if (pass !== 0) breaker.record(pass, outcome, now);
      return pass !== 0;
    };
    const many = (count: number, outcome: Outcome, now: number) => {
      for (let i = 0; i < count; i++) call(outcome, now);
    };
    return { breaker, states, call, many };
  };

  test('needs some calls before it opens', () => {
    const { states, many } = create();
    many(19, 'failure', 0);
    expect(states).toEqual([]);
    many(1, 'failure', 0);
    expect(states).toEqual(['open']);
  });

  test('opens when half of them fail, and not before', () => {
    const { states, many } = create();
    many(51, 'success', 0);
    many(50, 'failure', 1000);
    expect(states).toEqual([]);
    many(1, 'failure', 2000);
    expect(states).toEqual(['open']);
  });

  test('forgets what is older than ten seconds', () => {
    const { states, many } = create();
    many(19, 'failure', 0);
    many(19, 'failure', 10_000);
    expect(states).toEqual([]);
    many(1, 'failure', 19_999);
    expect(states).toEqual(['open']);
  });

  test('does not count what says nothing about the service', () => {
    const { states, many } = create();
    many(100, 'unknown', 0);
    many(19, 'failure', 0);
    expect(states).toEqual([]);
  });

  test('lets nothing through for five seconds, then one call at a time, until one succeeds', () => {
    const { breaker, states, call, many } = create();
    many(20, 'failure', 0);
    expect(breaker.retryAfter(0)).toBe(5);
    expect(breaker.retryAfter(4100)).toBe(1);
    expect(call('success', 4999)).toBe(false);
    const probe = breaker.admit(5000);
    expect(probe).not.toBe(0);
    expect(call('success', 5001)).toBe(false);
    breaker.record(probe, 'failure', 5002);
    expect(call('success', 10_001)).toBe(false);
    expect(call('unknown', 10_002)).toBe(true);
    expect(call('success', 10_002)).toBe(true);
    expect(states).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
    many(19, 'failure', 10_003);
    expect(states).toHaveLength(5);
  });

  test('does not wait for ever for the call that it let through', () => {
    const { breaker, many } = create();
    many(20, 'failure', 0);
    expect(breaker.admit(5000)).not.toBe(0);
    expect(breaker.admit(9999)).toBe(0);
    expect(breaker.admit(10_000)).not.toBe(0);
  });

  test('does not take the word of a call that began before it opened', () => {
    const { breaker, states, many } = create();
    const early = breaker.admit(0);
    many(20, 'failure', 0);
    const probe = breaker.admit(5000);
    breaker.record(early, 'success', 5001);
    expect(breaker.admit(5001)).toBe(0);
    breaker.record(probe, 'success', 5002);
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });
});

describe('retries', () => {
  const spend = (budget: RetryBudget, now: number): number => {
    let count = 0;
    while (budget.withdraw(now)) count++;
    return count;
  };

  test('are a fifth of the calls', () => {
    const budget = new RetryBudget();
    spend(budget, 0);
    for (let i = 0; i < 500; i++) budget.deposit();
    expect(spend(budget, 0)).toBe(100);
    for (let i = 0; i < 100_000; i++) budget.deposit();
    expect(spend(budget, 0)).toBe(256);
  });

  test('or ten a second, saved up for ten', () => {
    const budget = new RetryBudget();
    expect(spend(budget, 0)).toBe(100);
    expect(spend(budget, 1000)).toBe(10);
    expect(spend(budget, 60_000)).toBe(100);
  });

  test('wait at random, up to twice as long each time', () => {
    const longest = (retry: number) => Math.max(...Array.from({ length: 500 }, () => backoff(retry)));
    expect(longest(1)).toBeLessThanOrEqual(25);
    expect(longest(2)).toBeGreaterThan(25);
    expect(longest(2)).toBeLessThanOrEqual(50);
    expect(longest(20)).toBeLessThanOrEqual(250);
    expect(Math.min(...Array.from({ length: 500 }, () => backoff(2)))).toBeLessThan(25);
  });
});

test('calls wait in the order in which they came, and one that gives up is passed over', async () => {
  const bulkhead = new Bulkhead({ concurrent: 1, waiting: 3 });
  expect(bulkhead.enter()).toBeNull();
  const order: string[] = [];
  const wait = (name: string) => {
    const turn = bulkhead.enter();
    if (turn === null) throw new Error('there was a place');
    const done = turn.promise.then(
      () => order.push(name),
      (reason: Error) => order.push(`${name}: ${reason.message}`),
    );
    return { turn, done };
  };
  const [first, second, third] = [wait('first'), wait('second'), wait('third')];
  expect(() => bulkhead.enter()).toThrow(BulkheadFull);
  second.turn.cancel(new Error('gone'));
  await second.done;
  bulkhead.leave();
  await first.done;
  first.turn.cancel(new Error('too late: it has its place'));
  bulkhead.leave();
  await third.done;
  bulkhead.leave();
  expect(order).toEqual(['second: gone', 'first', 'third']);
  expect(bulkhead.enter()).toBeNull();
});

describe('instances', () => {
  const create = (count: number) => {
    const transport = { http: {} as HttpClient, uploads: {} as UploadClient };
    const transports = Array.from({ length: count }, (_, index) => ({ url: `i${index}`, ...transport }));
    return new Instances('things', transports, createLogger({ service: 'test', level: 'silent' }));
  };
  const choose = (instances: Instances, now: number, mayProbe = true): Instance => {
    const chosen = instances.choose(now, mayProbe);
    if (chosen === undefined) throw new Error('none was chosen');
    return chosen;
  };
  const fail = (instances: Instances, now: number): Instance => {
    const chosen = choose(instances, now);
    instances.ended(chosen, chosen.epoch, 'down', now);
    return chosen;
  };

  test('the one with the fewest calls under way is chosen', () => {
    const instances = create(3);
    const chosen = Array.from({ length: 6 }, () => choose(instances, 0));
    expect(new Set(chosen.slice(0, 3)).size).toBe(3);
    const [free] = chosen;
    if (free === undefined) throw new Error('none');
    instances.ended(free, free.epoch, 'success', 0);
    expect(choose(instances, 0)).toBe(free);
  });

  test('one that is out is left out, longer each time, and comes back with its first answer', () => {
    const instances = create(2);
    const out = fail(instances, 0);
    for (const [failures, from] of [[1, 1000] as const, [2, 2000] as const, [3, 4000] as const]) {
      expect(out.failures).toBe(failures);
      const begin = out.outUntil;
      for (let i = 0; i < 4; i++) {
        const other = choose(instances, begin - 1);
        expect(other).not.toBe(out);
        instances.ended(other, other.epoch, 'success', begin - 1);
      }
      const probe = choose(instances, begin);
      expect(probe).toBe(out);
      expect(choose(instances, begin), 'one call at a time').not.toBe(out);
      instances.ended(probe, probe.epoch, 'down', begin);
      const time = out.outUntil - begin;
      expect(time).toBeGreaterThanOrEqual(from * 2);
      expect(time).toBeLessThanOrEqual(from * 3);
    }
    const last = choose(instances, out.outUntil);
    instances.ended(last, last.epoch, 'success', out.outUntil);
    expect([out.outUntil, out.failures]).toEqual([0, 0]);
  });

  test('one that is out and answers nonsense stays out', () => {
    const instances = create(2);
    const out = fail(instances, 0);
    const probe = choose(instances, 2000);
    expect(probe).toBe(out);
    instances.ended(probe, probe.epoch, 'strike', 2000);
    expect(out.outUntil).toBeGreaterThan(2000);
  });

  test('a call that cannot be repeated does not try one that is out', () => {
    const instances = create(2);
    const out = fail(instances, 0);
    for (let i = 0; i < 4; i++) expect(choose(instances, 100_000, false)).not.toBe(out);
  });

  test('what began before says nothing: neither that it is back, nor that it failed again', () => {
    const instances = create(1);
    const [instance] = [choose(instances, 0), choose(instances, 0), choose(instances, 0)];
    instances.ended(instance, 0, 'down', 0);
    const { outUntil } = instance;
    instances.ended(instance, 0, 'down', 5000);
    instances.ended(instance, 0, 'success', 5000);
    expect(instance).toMatchObject({ pending: 0, failures: 1, outUntil });
  });

  test('when all are out, the one whose time comes first is tried', () => {
    const instances = create(2);
    const [first, second] = [choose(instances, 0), choose(instances, 0)];
    instances.ended(second, 0, 'down', 10_000);
    instances.ended(first, 0, 'down', 0);
    expect(choose(instances, 1)).toBe(first);
    expect(choose(instances, 1)).toBe(first);
  });

  test('five time-outs in a row take one out, an answer between them makes it begin anew', () => {
    const instances = create(1);
    const strikes = ['strike', 'strike', 'strike', 'strike'] as const;
    const instance = choose(instances, 0);
    for (const verdict of [...strikes, 'success', ...strikes] as const) instances.ended(instance, 0, verdict, 0);
    expect(instance.outUntil).toBe(0);
    instances.ended(instance, 0, 'strike', 0);
    expect(instance.outUntil).toBeGreaterThan(0);
  });

  test('one that asked to be left alone is, for a minute at most', () => {
    const instances = create(1);
    const instance = choose(instances, 0);
    instances.rest(instance, 3_600_000, 0);
    expect(instances.choose(59_999, true)).toBeUndefined();
    expect(instances.restLeft(59_000)).toBe(1000);
    expect(instances.choose(60_000, true)).toBe(instance);
  });
});
