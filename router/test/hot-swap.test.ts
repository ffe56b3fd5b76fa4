/** The supergraph's file changes while the router serves. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { settle } from '@chorus/kit/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { composePlain, type Plain, startPlain } from './fixture/plain.ts';
import { startFixture } from './fixture/router.ts';

let plain: Plain;
beforeEach(async () => {
  plain = await startPlain({ SUPERGRAPH_POLL_INTERVAL: '50' });
  plain.answersWith({ data: { greeting: 'hello', other: 'more', extra: 'new' } });
});
afterEach(() => plain.stop());

const withExtra = (round = 0) => `type Query { greeting: String other: String extra: String round${round}: Int }`;
const logged = (text: string) => plain.logs.filter(({ msg }) => String(msg).includes(text));
const swapped = (times: number) =>
  settle(() => logged('a new supergraph is served').length === times, { what: `${times} swaps` });
const isKnown = async (field: string) => (await plain.ask(`{ ${field} }`)).text.startsWith('{"data"');

test('a new file is taken up: fields come and go', async () => {
  expect(await isKnown('extra')).toBe(false);
  plain.deploy(composePlain(plain.serviceUrl, withExtra()));
  await swapped(1);
  expect(await isKnown('extra')).toBe(true);
  plain.deploy(composePlain(plain.serviceUrl, 'type Query { greeting: String }'));
  await swapped(2);
  expect(await isKnown('extra')).toBe(false);
  expect(await isKnown('greeting')).toBe(true);
});

test('ten new files and a broken one between them, and no request of many fails', async () => {
  let stop = false;
  const statuses: string[] = [];
  const client = async () => {
    while (!stop) {
      const { status, text } = await plain.ask('{ greeting other }').catch((error: unknown) => ({
        status: 0,
        text: String(error),
      }));
      statuses.push(`${status} ${text.trim()}`);
    }
  };
  const clients = Array.from({ length: 4 }, client);
  for (let round = 1; round <= 10; round++) {
    const before = statuses.length;
    plain.deploy(composePlain(plain.serviceUrl, withExtra(round)));
    await swapped(round);
    expect(await isKnown(`round${round} extra`)).toBe(true);
    if (round === 5) {
      plain.deploy('type Query { broken: Missing }');
      await settle(() => logged('is refused').length === 1, { what: 'the refusal' });
    }
    await settle(() => statuses.length > before + 10, { what: 'requests' });
  }
  stop = true;
  await Promise.all(clients);
  expect(new Set(statuses)).toEqual(new Set(['200 {"data":{"greeting":"hello","other":"more"}}']));
});

test.each([
  ['no GraphQL', 'nonsense {'],
  ['no supergraph', 'type Query { greeting: String }'],
  ['nothing', ''],
])('a file that holds %s is refused once, with the reason, and the old one serves on', async (_what, content) => {
  plain.deploy(content);
  await settle(() => logged('is refused').length === 1, { what: 'the refusal' });
  expect(logged('is refused')[0]).toMatchObject({ level: 'error', err: { message: expect.stringMatching(/\w+/) } });
  expect(await isKnown('greeting')).toBe(true);
  expect((await fetch(new URL('/health', plain.url))).status).toBe(200);
  plain.deploy(composePlain(plain.serviceUrl, withExtra()));
  await swapped(1);
  expect(logged('is refused')).toHaveLength(1);
  expect(await isKnown('extra')).toBe(true);
});

test('one that is broken and then set back is as if nothing had been', async () => {
  plain.deploy('nonsense {');
  await settle(() => logged('is refused').length === 1, { what: 'the refusal' });
  plain.deploy(plain.supergraphSdl);
  expect(await isKnown('greeting')).toBe(true);
  plain.deploy(composePlain(plain.serviceUrl, withExtra()));
  await settle(() => isKnown('extra'), { what: 'the new supergraph' });
  await swapped(1);
});

test('a file that is removed is told once; the next one is taken up', async () => {
  rmSync(plain.supergraphPath);
  await settle(() => logged('cannot be read').length === 1, { what: 'the warning' });
  expect(await isKnown('greeting')).toBe(true);
  plain.deploy(composePlain(plain.serviceUrl, withExtra()));
  await swapped(1);
  expect(logged('cannot be read')).toHaveLength(1);
});

test('a folder behind a link that is set anew, as Kubernetes does, is a new file', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'chorus-links-'));
  for (const [name, sdl] of [
    ['v1', plain.supergraphSdl],
    ['v2', composePlain(plain.serviceUrl, withExtra())],
  ] as const) {
    mkdirSync(path.join(dir, name));
    writeFileSync(path.join(dir, name, 'supergraph.graphql'), sdl);
  }
  symlinkSync('v1', path.join(dir, 'data'));
  symlinkSync('data/supergraph.graphql', path.join(dir, 'supergraph.graphql'));
  const router = await plain.start({ SUPERGRAPH_PATH: path.join(dir, 'supergraph.graphql') });
  try {
    symlinkSync('v2', path.join(dir, 'next'));
    renameSync(path.join(dir, 'next'), path.join(dir, 'data'));
    await swapped(1);
    expect(logged('is refused')).toEqual([]);
  } finally {
    await router.stop();
    rmSync(dir, { recursive: true });
  }
});

test('a file written piece by piece is taken when it is whole', async () => {
  const next = composePlain(plain.serviceUrl, withExtra());
  for (let end = 0; end < next.length; end += Math.ceil(next.length / 20)) {
    writeFileSync(plain.supergraphPath, next.slice(0, end));
    // The writing itself takes time; nothing waits for it.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  writeFileSync(plain.supergraphPath, next);
  await swapped(1);
  expect(logged('is refused')).toEqual([]);
});

test('what is under way ends on the old supergraph, whose connections close then', async () => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  plain.answers((request, response) => {
    request.resume();
    asked.resolve();
    void held.promise.then(() => response.end('{"data":{"greeting":"from the old"}}'));
  });
  const underWay = plain.ask('{ greeting }');
  await asked.promise;
  const connections = new Set<object>();
  const other = createServer((request, response) => {
    request.resume();
    response.end('{"data":{"greeting":"from the new"}}');
  }).listen(0, '127.0.0.1');
  other.on('connection', (socket) => connections.add(socket));
  await once(other, 'listening');
  try {
    plain.deploy(composePlain(`http://127.0.0.1:${(other.address() as { port: number }).port}/`, withExtra()));
    await swapped(1);
    expect((await plain.ask('{ greeting }')).text).toContain('from the new');
    expect(plain.openConnections()).toBeGreaterThan(0);
    held.resolve();
    expect((await underWay).text).toContain('from the old');
    await settle(async () => plain.openConnections() === 0, { what: 'the end of the old connections' });
    // An address that did not change keeps its connections.
    const before = connections.size;
    plain.deploy(composePlain(`http://127.0.0.1:${(other.address() as { port: number }).port}/`, withExtra(2)));
    await swapped(2);
    expect((await plain.ask('{ greeting }')).text).toContain('from the new');
    expect(connections.size).toBe(before);
  } finally {
    other.closeAllConnections();
    other.close();
  }
});

test('what was asked last is planned before the new supergraph serves', async () => {
  await plain.ask('{ greeting }');
  await plain.ask('query A { other } query B { greeting }');
  plain.deploy(composePlain(plain.serviceUrl, withExtra()));
  await swapped(1);
  // The second was refused: it does not say which operation is meant.
  expect(logged('a new supergraph is served')[0]).toMatchObject({ operations: 1, subgraphs: ['constructor'] });
});

test('a hash that was known stays known', async () => {
  const query = '{ greeting }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const send = async (body: object) => {
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ ...body, extensions }) };
    return (await fetch(plain.url, init)).json();
  };
  expect(await send({})).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
  await send({ query });
  plain.deploy(composePlain(plain.serviceUrl, withExtra()));
  await swapped(1);
  expect(await send({})).toEqual({ data: { greeting: 'hello' } });
});

test('a subscription goes on over its own supergraph, and ends with a coded error when that is long gone', async () => {
  const fixture = await startFixture({ SUPERGRAPH_POLL_INTERVAL: '50' });
  try {
    const { client } = fixture.connect();
    const events = client.iterate({ query: 'subscription { notes { number note { text } } }' });
    const next = events.next();
    const deploy = async (round: number) => {
      writeFileSync(fixture.supergraphPath, `${fixture.supergraphSdl}\nscalar Round${round}\n`);
      const query = `{ __type(name: "Round${round}") { name } }`;
      await settle(async () => (await fixture.ask(query)).data?.['__type'] != null, { what: `swap ${round}` });
    };
    await settle(() => fixture.world.subscribers() === 1, { what: 'the subscription' });
    await deploy(1);
    fixture.world.publish(2);
    expect(await next).toMatchObject({ value: { data: { notes: { number: 2, note: { text: 'Second' } } } } });
    const end = events.next().catch((error: unknown) => error);
    for (const round of [2, 3, 4]) await deploy(round);
    expect(await end).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    await settle(() => fixture.world.subscribers() === 0, { what: 'the end at the subgraph' });
    const again = client.iterate({ query: 'subscription { notes { number } }' });
    const first = again.next();
    await settle(() => fixture.world.subscribers() === 1, { what: 'the new subscription' });
    fixture.world.publish(3);
    expect(await first).toMatchObject({ value: { data: { notes: { number: 3 } } } });
  } finally {
    await fixture.stop();
  }
});
