/** Planning in a thread of its own: what takes too long is refused, and holds nobody up. */
import { createLogger } from '@chorus/kit/logger';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compose } from '../proof/difference/supergraphs.ts';
import { createPlanner, type Planner } from '../src/planning/planner.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12",
  import: ["@key", "@interfaceObject", "@shareable"])`;
const supergraphSdl = compose({
  name: 'interface objects',
  subgraphs: {
    base: `${link} type Query { node: Node } interface Node @key(fields: "id") { id: ID! }
      type One implements Node @key(fields: "id") { id: ID! } type Two implements Node @key(fields: "id") { id: ID! }`,
    a: `${link} type Node @key(fields: "id") @interfaceObject { id: ID! next: Node @shareable a: Int }`,
    b: `${link} type Node @key(fields: "id") @interfaceObject { id: ID! next: Node @shareable b: Int }`,
  },
});
/** Each level multiplies the ways to answer it. */
const deep = parse(`{ node { ${'a b next { '.repeat(6)} a ${'}'.repeat(6)} } }`);
/** Seconds of work: a thousand times what is planned in milliseconds. */
const wide = parse(`{ ${Array.from({ length: 1000 }, (_, i) => `n${i}: node { a b next { a b } }`).join(' ')} }`);
const tooComplex = { extensions: { code: 'OPERATION_TOO_COMPLEX' } };

let planner: Planner;
let logs: unknown[];
const start = (limitMs: number) => {
  logs = [];
  const logger = createLogger({ service: 'test' }, { write: (line) => void logs.push(JSON.parse(line)) });
  planner = createPlanner({ limitMs, logger });
  return planner.load(supergraphSdl);
};
let waits: number;
let ticking: NodeJS.Timeout;
beforeEach(() => {
  waits = 0;
  let last = performance.now();
  ticking = setInterval(() => {
    waits = Math.max(waits, performance.now() - last);
    last = performance.now();
  }, 5);
});
afterEach(async () => {
  clearInterval(ticking);
  await planner.stop();
});

test('a plan that takes too long is refused and remembered; a new thread plans what comes after it', async () => {
  const supergraph = await start(400);
  const refused = supergraph.plan(wide).catch((error: unknown) => error);
  const behind = supergraph.plan(parse('{ node { id b } }'));
  expect(await refused).toMatchObject(tooComplex);
  expect((await behind).node?.kind).toBe('Sequence');
  expect(logs).toMatchObject([{ msg: 'an operation could not be planned in time' }]);
  await expect(supergraph.plan(wide)).rejects.toMatchObject(tooComplex);
  expect(logs).toHaveLength(1); // it was not tried again
});

test('planning for seconds does not hold up this thread', async () => {
  const supergraph = await start(60_000);
  const began = performance.now();
  await supergraph.plan(wide);
  expect(performance.now() - began).toBeGreaterThan(10 * waits);
});

test('an operation with too many plans is refused at once', async () => {
  const supergraph = await start(10_000);
  await expect(supergraph.plan(deep)).rejects.toMatchObject(tooComplex);
});

test('so many may wait, and no more; when the planner stops they are told', async () => {
  const supergraph = await start(60_000);
  const first = supergraph.plan(wide);
  const light = parse('{ node { id } }');
  const others = Array.from({ length: 201 }, () => supergraph.plan(light));
  await expect(others[200]).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } });
  const settled = Promise.allSettled([first, ...others.slice(0, 200)]);
  await planner.stop();
  for (const { status } of await settled) expect(status).toBe('rejected');
});

test('a supergraph that is broken leaves the one before it; one that is forgotten is not planned for', async () => {
  const supergraph = await start(10_000);
  await expect(planner.load('type Query { a: Missing }')).rejects.toThrow(/Missing|supergraph/);
  expect((await supergraph.plan(parse('{ node { id } }'))).node?.kind).toBe('Fetch');
  const other = await planner.load(`${supergraphSdl} scalar Other`);
  supergraph.forget();
  await expect(supergraph.plan(parse('{ node { id } }'))).rejects.toThrow('not loaded');
  expect((await other.plan(parse('{ node { id } }'))).node?.kind).toBe('Fetch');
});

describe('a supergraph that asks for more than a plan can promise is refused by name', () => {
  const linkAll = (directives: string) =>
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@override", ${directives}])`;
  test.each([
    ['authenticated', `${linkAll('"@authenticated"')} type Query { a: Int @authenticated }`],
    ['requiresScopes', `${linkAll('"@requiresScopes"')} type Query { a: Int @requiresScopes(scopes: [["s"]]) }`],
    ['policy', `${linkAll('"@policy"')} type Query { a: Int @policy(policies: [["p"]]) }`],
    [
      'context',
      `${linkAll('"@context", "@fromContext"')} type Query { a: A }
       type A @key(fields: "id") @context(name: "c") { id: ID! x: String! b: B! }
       type B @key(fields: "id") { id: ID! f(y: String @fromContext(field: "$c { x }")): Int }`,
    ],
  ])('@%s', async (name, sdl) => {
    await start(10_000);
    const other = `${linkAll('"@shareable"')} type Query { z: Int }`;
    const refused = planner.load(compose({ name, subgraphs: { one: sdl, other } }));
    await expect(refused).rejects.toThrow(new RegExp(name, 'i'));
  });

  test('a progressive @override has not begun', async () => {
    await start(10_000);
    const from = `${linkAll('"@shareable"')} type Query { t: T } type T @key(fields: "id") { id: ID! a: Int }`;
    const to = `${linkAll('"@shareable"')} type T @key(fields: "id") { id: ID! a: Int @override(from: "from", label: "percent(50)") }`;
    const supergraph = await planner.load(compose({ name: 'override', subgraphs: { from, to } }));
    expect((await supergraph.plan(parse('{ t { a } }'))).node).toMatchObject({ kind: 'Fetch', serviceName: 'from' });
  });
});
