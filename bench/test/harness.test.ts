import { describe, expect, test } from 'vitest';
import { type Message, MessageReader, response } from '../src/harness/http1.ts';
import { hashOf } from '../src/harness/load.ts';
import { listedProcessors } from '../src/harness/processes.ts';
import { table } from '../src/harness/report.ts';
import { median, medianRatio, percentile } from '../src/harness/statistics.ts';
import { readStat } from '../src/harness/usage.ts';
import { readOptions, UsageError } from '../src/options.ts';
import type { Stretch } from '../src/router/field.ts';
import { ratiosOf, type Results } from '../src/router/figures.ts';
import { operations, unseen } from '../src/router/operations.ts';
import { faultsOf } from '../src/router/verify.ts';

describe('options', () => {
  test('name a benchmark and how to run it', () => {
    expect(readOptions(['--', 'router', '--quick'])).toEqual({ name: 'router', quick: true, prepare: false });
    expect(readOptions(['identity']).name).toBe('identity');
    expect(readOptions(['--prepare', 'router'])).toEqual({ name: 'router', quick: false, prepare: true });
  });

  test.each([[[]], [['no-such-bench']], [['router', 'router']], [['router', '--slow']]])('refuse %j', (args) => {
    expect(() => readOptions(args)).toThrow(UsageError);
  });
});

describe('statistics', () => {
  test('medians and percentiles', () => {
    expect(median([])).toBeUndefined();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([], 0.5)]).toEqual([50, 99, 0]);
  });

  test('a ratio is the median of the ratios of each round', () => {
    expect(medianRatio([10, 20, 1000], [5, 10, 10])).toBe(2);
    expect(medianRatio([10, 20], [5])).toBe(2);
    expect(medianRatio([10], [])).toBeNull();
    expect(medianRatio([10], [0])).toBeNull();
  });
});

test('processor time comes from stat, whatever the name of the program', () => {
  const stat = '4711 (a) b (c) S 42 4711 4711 0 -1 4194304 1 0 0 0 250 50 10 5 20 0 11 0 1 2 3';
  expect(readStat(stat)).toEqual({ pid: 4711, parent: 42, cpuSeconds: 3.15 });
  expect(listedProcessors('0-2,5')).toEqual([0, 1, 2, 5]);
  expect(listedProcessors('')).toEqual([]);
});

test('HTTP messages are found however their bytes are cut', () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
  const bytes = Buffer.concat([
    response(200, '{"a":"ä"}'),
    Buffer.from(chunked),
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  ]);
  for (const step of [1, 2, 7, bytes.length]) {
    const found: Message[] = [];
    const reader = new MessageReader((message) => found.push(message));
    for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
    expect(found.map(({ body }) => body.toString())).toEqual(['{"a":"ä"}', 'abcde', '']);
  }
});

test('answers are compared as data', () => {
  expect(hashOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(hashOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
});

test('a table is as wide as its cells', () => {
  expect(
    table([
      ['', 'n'],
      ['long', '1'],
      ['x', '100'],
    ]),
  ).toEqual(['        n', 'long    1', 'x     100']);
});

describe('the router', () => {
  const stretch = (requests: number, other: Partial<Stretch> = {}): Stretch => ({
    requests,
    failures: 0,
    failure: null,
    p50: 1,
    p99: 2,
    bytes: 10,
    answers: ['same'],
    cpuSeconds: 1,
    census: { calls: requests, anonymous: 0, identities: requests, perIdentity: [{ fewest: 1, most: 1 }] },
    ...other,
  });
  const both = (requests: number, other?: Partial<Stretch>) => ({
    heavy: [stretch(requests, other)],
    light: [stretch(requests, other)],
  });

  test('is compared with each peer, and with the best in Node', () => {
    const results: Results = new Map([
      ['chorus', both(1000)],
      ['stock', both(100)],
      ['mercurius', both(500)],
      ['handwritten', both(2000)],
    ]);
    expect(ratiosOf(results)).toEqual({
      heavy_vs_stock: 10,
      heavy_vs_best_node: 2,
      heavy_vs_rust: null,
      heavy_vs_handwritten: 0.5,
      light_vs_stock: 10,
      light_vs_best_node: 2,
      light_vs_rust: null,
    });
  });

  test('and all others must answer alike, each client for itself', () => {
    const census = stretch(10).census;
    const faults = (other: Partial<Stretch>) =>
      faultsOf(
        new Map([
          ['chorus', both(10, other)],
          ['handwritten', both(10)],
        ]),
      ).length;
    expect(faults({})).toBe(0);
    expect(faults({ answers: ['other'] })).toBe(2);
    expect(faults({ answers: ['same', 'other'] })).toBe(2);
    expect(faults({ failures: 1, failure: 'HTTP/1.1 500' })).toBe(2);
    expect(faults({ census: { ...census, anonymous: 1 } })).toBe(2);
    expect(faults({ census: { ...census, identities: 9 } })).toBe(2);
    expect(faults({ census: { ...census, perIdentity: [{ fewest: 0, most: 2 }] } })).toBe(2);
  });

  test('sees an operation for the first time when it is another text', () => {
    expect(unseen('heavy', 1)).not.toBe(operations.heavy);
    expect(unseen('light', 1)).not.toBe(unseen('light', 2));
  });
});
