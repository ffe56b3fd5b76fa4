import { type IncomingMessage, type ServerResponse, request as sendRaw } from 'node:http';
import { text } from 'node:stream/consumers';
import { settle } from '@chorus/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlain } from './fixture/plain.ts';

let plain: Awaited<ReturnType<typeof startPlain>>;
beforeAll(async () => {
  plain = await startPlain({
    FORWARD_HEADERS: 'authorization',
    FORWARD_COOKIES: 'constructor=session',
    RETURN_HEADERS: 'constructor=set-cookie',
  });
});
afterAll(() => plain.stop());

/** The service holds every call until it is told to go on; then it says how many there were before. */
function hold() {
  const calls: { body: string; answer(headers?: Record<string, string>): void }[] = [];
  plain.answers((request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => {
      const number = calls.length;
      calls.push({
        body,
        answer: (headers = {}) =>
          response
            .writeHead(200, { 'content-type': 'application/json', ...headers })
            .end(JSON.stringify({ data: { greeting: `call ${number}`, other: `call ${number}` } })),
      });
    });
  });
  const arrived = (count: number) => settle(() => calls.length === count, { what: `call ${count}` });
  return { calls, arrived };
}

/** Resolves when the router has begun with what was sent before: a call of its own has reached the service. */
async function begun(held: ReturnType<typeof hold>) {
  const count = held.calls.length;
  const probe = plain.ask('{ probe: other }');
  await held.arrived(count + 1);
  held.calls.pop()?.answer();
  await probe;
}

test('equal queries at the same time are one execution', async () => {
  const held = hold();
  const query = 'query ($of: Any) { greeting(of: $of) }';
  const ask = () => plain.ask(query, { authorization: 'Bearer a', cookie: 'session=1; x=y' }, { of: [1, { a: 'b' }] });
  const first = ask();
  await held.arrived(1);
  const others = Array.from({ length: 20 }, ask);
  await begun(held);
  held.calls[0]?.answer();
  for (const { status, text } of await Promise.all([first, ...others])) {
    expect([status, text]).toEqual([200, '{"data":{"greeting":"call 0"}}']);
  }
  expect(held.calls).toHaveLength(1);

  const later = ask();
  await held.arrived(2);
  held.calls[1]?.answer();
  expect((await later).text).toContain('call 1');
});

test.each<[string, () => ReturnType<typeof plain.ask>]>([
  ['another operation', () => plain.ask('{ other }')],
  ['other variables', () => plain.ask('query ($of: Any) { greeting(of: $of) }', {}, { of: 2 })],
  [
    'another forwarded header',
    () => plain.ask('query ($of: Any) { greeting(of: $of) }', { authorization: 'Bearer b' }, { of: 1 }),
  ],
  [
    'another forwarded cookie',
    () => plain.ask('query ($of: Any) { greeting(of: $of) }', { cookie: 'session=2' }, { of: 1 }),
  ],
])('%s is another execution', async (_name, other) => {
  const held = hold();
  const one = plain.ask('query ($of: Any) { greeting(of: $of) }', {}, { of: 1 });
  await held.arrived(1);
  const two = other();
  await held.arrived(2);
  for (const call of held.calls) call.answer();
  const texts = await Promise.all([one, two]);
  expect(texts.map(({ text }) => text)).toEqual([expect.stringContaining('call 0'), expect.stringContaining('call 1')]);
});

test('headers that go nowhere make no difference', async () => {
  const held = hold();
  const one = plain.ask('{ greeting }', { 'x-page': 'a', cookie: 'tracking=1' });
  await held.arrived(1);
  const two = plain.ask('{ greeting }', { 'x-page': 'b', cookie: 'tracking=2' });
  await begun(held);
  held.calls[0]?.answer();
  expect(await one).toEqual(await two);
  expect(held.calls).toHaveLength(1);
});

test('mutations are never shared, and a query after one joins none from before it', async () => {
  const held = hold();
  const change = () => plain.ask('mutation { receive(file: "x") }');
  const before = plain.ask('{ greeting }');
  await held.arrived(1);
  const changes = [change(), change()];
  await held.arrived(3);
  held.calls[1]?.answer();
  held.calls[2]?.answer();
  await Promise.all(changes);
  const after = plain.ask('{ greeting }');
  await held.arrived(4);
  held.calls[0]?.answer();
  held.calls[3]?.answer();
  expect((await before).text).toContain('call 0');
  expect((await after).text).toContain('call 3');
});

test('who leaves takes nothing from those who stay; when all have left the call ends', async () => {
  const held = hold();
  const body = '{"query":"{ greeting }"}';
  const leaver = () => {
    const request = sendRaw(plain.url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    request.on('error', () => undefined); // it is about to be destroyed
    request.end(body);
    return request;
  };
  const first = leaver();
  await held.arrived(1);
  const stays = plain.ask('{ greeting }');
  await begun(held);
  first.destroy();
  await begun(held);
  held.calls[0]?.answer();
  expect((await stays).text).toContain('call 0');

  const alone = [leaver(), leaver()];
  await held.arrived(2);
  await begun(held);
  const open = plain.openConnections();
  for (const request of alone) request.destroy();
  await settle(() => plain.openConnections() < open, { what: 'the end of the call' });
});

test('a cookie goes to the one who asked, and the others ask for themselves', async () => {
  const held = hold();
  const ask = async () => {
    const response = await fetch(plain.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ greeting }"}',
    });
    return [response.headers.getSetCookie(), await response.text()];
  };
  const first = ask();
  await held.arrived(1);
  const second = ask();
  await begun(held);
  held.calls[0]?.answer({ 'set-cookie': 'session=1' });
  expect(await first).toEqual([['session=1'], expect.stringContaining('call 0')]);
  await held.arrived(2);
  held.calls[1]?.answer({ 'set-cookie': 'session=2' });
  expect(await second).toEqual([['session=2'], expect.stringContaining('call 1')]);
});

test('nothing is shared where the configuration says so', async () => {
  const router = await plain.start({ SHARE_QUERIES: 'false' });
  try {
    const held = hold();
    const ask = () =>
      fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ greeting }"}',
      });
    const both = [ask(), ask()];
    await held.arrived(2);
    for (const call of held.calls) call.answer();
    const texts = await Promise.all(both.map(async (answer) => (await answer).text()));
    expect(new Set(texts).size).toBe(2);
  } finally {
    await router.stop();
  }
});

test('more requests than the router takes are turned away, and none of the others suffers', async () => {
  const router = await plain.start({ MAX_REQUESTS: '3', SHARE_QUERIES: 'false' });
  try {
    const held = hold();
    const ask = () =>
      fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
        body: JSON.stringify({ query: '{ greeting }', variables: { padding: 'x'.repeat(100_000) } }),
      });
    const taken = [ask(), ask(), ask()];
    await held.arrived(3);
    for (let i = 0; i < 50; i++) {
      const refused = await ask();
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }] });
    }
    expect(held.calls).toHaveLength(3);
    for (const call of held.calls) call.answer();
    for (const response of await Promise.all(taken)) expect(response.status).toBe(200);
    const again = ask();
    await held.arrived(4);
    held.calls[3]?.answer();
    expect((await again).status).toBe(200);
  } finally {
    await router.stop();
  }
});
