/** Instances of a service that are killed, stopped and cut off under the router. */
import { setTimeout as delay } from 'node:timers/promises';
import { settle } from '@chorus/kit/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { type Instances, type Result, startInstances } from './fixture/instances.ts';

let service: Instances;
afterEach(() => service.stop());

const codesOf = ({ errors = [] }: Result): unknown[] => errors.map(({ extensions }) => extensions['code']);

describe('of two instances', () => {
  test('one killed under load costs no query, and no mutation is done twice', async () => {
    service = await startInstances(2);
    const [victim] = service.instances;
    const queries: Result[] = [];
    const mutations: { key: string; result: Result }[] = [];
    const pids = new Set<unknown>();
    let loading = true;
    const repeat = async (work: () => Promise<unknown>) => {
      while (loading) await work();
    };
    const load = Promise.all([
      ...Array.from({ length: 16 }, (_, ms) =>
        repeat(async () => {
          const result = await service.ask(`{ who slow(ms: ${ms}) }`);
          pids.add(result.data?.['who']);
          queries.push(result);
        }),
      ),
      ...Array.from({ length: 4 }, (_, n) =>
        repeat(async () => {
          const key = `${n}-${mutations.length}-${Math.random()}`;
          mutations.push({ key, result: await service.ask(`mutation { note(key: "${key}") }`) });
        }),
      ),
    ]);
    await settle(() => pids.size === 2 && queries.length > 100);
    await victim.kill('SIGKILL');
    const { length } = queries;
    await settle(() => queries.length > length + 200, { what: 'answers after the kill' });
    await victim.restart();
    await settle(() => pids.has(victim.pid), { what: 'calls to the instance that is back' });
    loading = false;
    await load;

    expect(queries.filter((result) => result.errors !== undefined)).toEqual([]);
    const noted = service.noted();
    expect(new Set(noted).size).toBe(noted.length);
    const answered = mutations.filter(({ result }) => result.errors === undefined).map(({ key }) => key);
    expect(answered.filter((key) => !noted.includes(key))).toEqual([]);
    const failed = mutations.flatMap(({ result }) => codesOf(result));
    expect(new Set(failed).difference(new Set(['SUBGRAPH_UNAVAILABLE']))).toEqual(new Set());
  }, 30_000);

  test('one that refuses gets what the other can do, mutations too: they never arrived', async () => {
    service = await startInstances(2);
    await service.instances[0].kill('SIGKILL');
    const results = [];
    for (const key of ['a', 'b', 'c', 'd']) results.push(await service.ask(`mutation { note(key: "${key}") }`));
    expect(results.map(({ data }) => data?.['note'])).toEqual(['a', 'b', 'c', 'd']);
    expect(service.noted()).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each(['cut', 'gateway', 'busy'] as const)('one that does %s gives its queries to the other', async (mode) => {
    service = await startInstances(2);
    await service.instances[0].become(mode);
    for (let i = 0; i < 4; i++) expect(await service.ask('{ slow(ms: 0) }')).toEqual({ data: { slow: 0 } });
    expect(await service.instances[0].requests()).toBe(1);
  });

  test('a mutation whose answer is cut off is not sent again', async () => {
    service = await startInstances(2);
    for (const instance of service.instances) await instance.become('cut');
    expect(codesOf(await service.ask('mutation { note(key: "once") }'))).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(service.noted()).toEqual(['once']);
  });

  test('an answer with errors is an answer', async () => {
    service = await startInstances(2);
    expect(codesOf(await service.ask('{ fails }'))).toEqual(['INTERNAL']);
    const requests = await Promise.all(service.instances.map((instance) => instance.requests()));
    expect(requests.reduce((sum, count) => sum + count)).toBe(1);
  });

  test('one that is stopped is left out after some time-outs, and asked again when it goes on', async () => {
    service = await startInstances(2, { SUBGRAPH_TIMEOUT: '1000' });
    const [victim, other] = service.instances;
    await victim.kill('SIGSTOP');
    const ask = async () => (await service.ask('{ who }')).data?.['who'] ?? null;
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    expect(new Set(answers)).toEqual(new Set([other?.pid, null]));
    // Now nobody waits for it but the query that tries it, and that one has time left to ask the other.
    let longest = 0;
    while (longest < 1000 / 4) {
      const began = performance.now();
      expect(await ask()).toBe(other?.pid);
      longest = performance.now() - began;
    }
    await victim.kill('SIGCONT');
    await settle(async () => (await ask()) === victim.pid, { what: 'calls to the instance that goes on' });
  });
});

describe('a single instance', () => {
  test('that is stopped is a TIMEOUT, and answers when it goes on', async () => {
    service = await startInstances(1, { SUBGRAPH_TIMEOUT: '500' });
    const [instance] = service.instances;
    await instance.kill('SIGSTOP');
    expect(codesOf(await service.ask('{ who }'))).toEqual(['TIMEOUT']);
    await instance.kill('SIGCONT');
    await settle(async () => (await service.ask('{ who }')).data?.['who'] === instance.pid);
  });

  test('answers of 4xx say something of the request, and nothing of it', async () => {
    service = await startInstances(1);
    const [instance] = service.instances;
    await instance.become('refuse');
    for (let i = 0; i < 25; i++) expect(codesOf(await service.ask('{ who }'))).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(await instance.requests()).toBe(25);
  });

  test('is asked three times at most', async () => {
    service = await startInstances(1);
    const [instance] = service.instances;
    await instance.become('cut');
    expect(codesOf(await service.ask('{ who }'))).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(await instance.requests()).toBe(3);
  });

  test('that asks for time gets it, and clients are told', async () => {
    service = await startInstances(1);
    const [instance] = service.instances;
    await instance.become('busy');
    for (let i = 0; i < 3; i++) {
      const { errors } = await service.ask('{ who }');
      expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryAfter: 2 } }]);
    }
    expect(await instance.requests()).toBe(1);
    await instance.become('answer');
    await settle(async () => (await service.ask('{ who }')).data?.['who'] === instance.pid);
  });

  test('is not asked again for a client that has left', async () => {
    service = await startInstances(1);
    const [instance] = service.instances;
    await instance.become('hold');
    const leaving = new AbortController();
    const left = service.ask('{ who }', leaving.signal).catch((error: unknown) => error);
    await settle(async () => (await instance.requests()) === 1);
    leaving.abort();
    await left;
    await settle(async () => (await instance.left()) === 1, { what: 'the end of the call' });
    await instance.become('answer');
    expect(await service.ask('{ who }')).toEqual({ data: { who: instance.pid } });
    await delay(100); // longer than a retry waits
    expect(await instance.requests()).toBe(2);
  });

  test('has its calls bounded: so many at once, so many waiting, and no more', async () => {
    service = await startInstances(1, { SUBGRAPH_CONCURRENCY: '2', SUBGRAPH_QUEUE: '1' });
    const [instance] = service.instances;
    await instance.become('hold');
    const held = [service.ask('{ who }'), service.ask('{ who }')];
    await settle(async () => (await instance.requests()) === 2);
    const more = [service.ask('{ who }'), service.ask('{ who }')];
    // One of them waits; the other is told at once.
    expect((await Promise.race(more)).errors).toMatchObject([
      { extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryAfter: 1 } },
    ]);
    expect(await instance.requests()).toBe(2);
    await instance.become('answer');
    const all = await Promise.all([...held, ...more]);
    expect(all.filter(({ data }) => data?.['who'] === instance.pid)).toHaveLength(3);
  });

  test('that keeps failing is left alone for a while, then tried, then used', async () => {
    service = await startInstances(1);
    const [instance] = service.instances;
    await instance.become('page');
    await settle(async () => (await service.ask('{ who }')).errors?.[0]?.extensions['retryAfter'] !== undefined);
    const before = await instance.requests();
    expect(before).toBe(20);
    expect(codesOf(await service.ask('{ who }'))).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(await instance.requests()).toBe(before);
    // The one that is let through fails.
    await settle(async () => (await service.ask('{ who }')) && (await instance.requests()) > before);
    expect(codesOf(await service.ask('{ who }'))).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(await instance.requests()).toBe(before + 1);
    await instance.become('answer');
    await settle(async () => (await service.ask('{ who }')).errors === undefined);
    expect(await service.ask('{ who }')).toEqual({ data: { who: instance.pid } });
  }, 30_000);
});
