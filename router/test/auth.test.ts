import { newId } from '@chorus/kit/ids';
import { createViewerTokens, VIEWER_HEADER } from '@chorus/kit/viewer';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, issuer, startFixture } from './fixture/router.ts';
import { viewerKeys } from './fixture/subgraphs.ts';

const ME = '{ me { userId sessionId service address roles emailVerified } }';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ TRUSTED_PROXIES: '10.1.1.1' });
});
afterAll(() => fixture.stop());

test('without a token the viewer is anonymous', async () => {
  const { status, data } = await fixture.ask(ME);
  expect(status).toBe(200);
  expect(data?.['me']).toEqual({
    userId: null,
    sessionId: null,
    service: null,
    address: '127.0.0.1',
    roles: [],
    emailVerified: false,
  });
});

test('a good token says who asks, to every subgraph under its own key', async () => {
  const token = await fixture.token();
  const { data } = await fixture.ask(ME, { token });
  expect(data?.['me']).toMatchObject({
    userId: 'ada',
    sessionId: 'ses_ada',
    service: null,
    roles: ['editor'],
    emailVerified: true,
  });
  const added = await fixture.ask('mutation { addNote(text: "Mine") { author { name } } }', { token });
  expect(added.data).toEqual({ addNote: { author: { name: 'Ada' } } });
});

describe('never silently anonymous: UNAUTHENTICATED, 401, for', () => {
  const wrong: Record<string, () => Promise<string> | string> = {
    garbage: () => 'garbage',
    'an expired token': () => fixture.token({ lifetime: -10 }),
    'another issuer': () => fixture.token({ iss: 'http://elsewhere.test' }),
    'another audience': () => fixture.token({ aud: 'elsewhere' }),
    'another type': () => fixture.token({ typ: 'JWT' }),
    'no signature': () =>
      new UnsecuredJWT({ sub: 'ada' }).setIssuer(issuer).setAudience('chorus').setExpirationTime('1h').encode(),
    'a symmetric signature': () =>
      new SignJWT({ sub: 'ada' })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })
        .setIssuer(issuer)
        .setAudience('chorus')
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(viewerKeys.people)),
    'a changed signature': async () => {
      const [head, payload] = (await fixture.token()).split('.');
      return `${head}.${payload}.${Buffer.alloc(256, 7).toString('base64url')}`;
    },
    'the viewer token of a subgraph': () =>
      createViewerTokens(viewerKeys.people).mint({
        userId: 'ada',
        sessionId: null,
        roles: [],
        emailVerified: true,
        address: '',
        device: null,
        service: null,
      }),
  };
  test.each(Object.entries(wrong))('%s', async (_what, make) => {
    const { status, errors, data } = await fixture.ask(ME, { token: await make() });
    expect(status).toBe(401);
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(data).toBeUndefined();
  });

  test('another scheme', async () => {
    const { status } = await fixture.ask(ME, { headers: { authorization: 'Basic YWRhOmFkYQ==' } });
    expect(status).toBe(401);
  });

  test('a token remembered, once it has expired', async () => {
    const token = await fixture.token({ lifetime: 2 });
    expect((await fixture.ask(ME, { token })).status).toBe(200);
    await expect.poll(async () => (await fixture.ask(ME, { token })).status, { timeout: 5000 }).toBe(401);
  });
});

test('a viewer token that a client sends is dropped', async () => {
  const forged = await createViewerTokens(viewerKeys.people).mint({
    userId: 'bob',
    sessionId: null,
    roles: ['admin'],
    emailVerified: true,
    address: '',
    device: null,
    service: null,
  });
  const { data } = await fixture.ask(ME, { headers: { [VIEWER_HEADER]: forged } });
  expect(data?.['me']).toMatchObject({ userId: null, roles: [] });
});

describe('a service account', () => {
  const PERSON = newId('usr');

  test('asks as itself', async () => {
    const { data } = await fixture.ask(ME, { token: await fixture.token({ sub: 'svc_importer', svc: 'importer' }) });
    expect(data?.['me']).toMatchObject({ userId: null, service: 'importer' });
  });

  test('acts as a person', async () => {
    const token = await fixture.token({ sub: 'svc_importer', svc: 'importer' });
    const { data } = await fixture.ask(ME, { token, headers: { 'chorus-act-as': PERSON } });
    expect(data?.['me']).toMatchObject({ userId: PERSON, service: 'importer' });
  });

  test('acts as nobody by an id that is none', async () => {
    const token = await fixture.token({ sub: 'svc_importer', svc: 'importer' });
    const { status, errors } = await fixture.ask(ME, { token, headers: { 'chorus-act-as': 'ada; drop' } });
    expect([status, errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_USER_INPUT']);
  });

  test.each([
    ['a person', async () => ({ token: await fixture.token() })],
    ['nobody', async () => ({})],
  ])('is not %s: acting as another is FORBIDDEN', async (_who, credentials) => {
    const asked = await fixture.ask(ME, { ...(await credentials()), headers: { 'chorus-act-as': PERSON } });
    expect([asked.status, asked.errors?.[0]?.extensions['code']]).toEqual([403, 'FORBIDDEN']);
  });
});

test('the address is what connected, whatever a stranger writes into X-Forwarded-For', async () => {
  const { data } = await fixture.ask(ME, { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect(data?.['me']).toMatchObject({ address: '127.0.0.1' });
});

test('behind trusted proxies the address is the last one that they did not add', async () => {
  const behind = await startFixture({ TRUSTED_PROXIES: '127.0.0.1,10.1.1.1' });
  try {
    const forwarded = '203.0.113.66, 203.0.113.9, 10.1.1.1';
    const { data } = await behind.ask(ME, { headers: { 'x-forwarded-for': forwarded } });
    expect(data?.['me']).toMatchObject({ address: '203.0.113.9' });
  } finally {
    await behind.stop();
  }
});

test('without an issuer configured everybody is anonymous, whatever they send', async () => {
  const open = await startFixture({ JWKS_URL: '', TOKEN_ISSUER: '' });
  try {
    const { status, data } = await open.ask(ME, { token: 'anything' });
    expect(status).toBe(200);
    expect(data?.['me']).toMatchObject({ userId: null });
  } finally {
    await open.stop();
  }
});

test('when the keys cannot be fetched nobody is told that their token is bad', async () => {
  const cut = await startFixture();
  try {
    const token = await cut.token();
    await cut.jwks.stop();
    const { status, errors } = await cut.ask(ME, { token });
    expect([status, errors?.[0]?.extensions['code']]).toEqual([503, 'SUBGRAPH_UNAVAILABLE']);
    expect((await cut.ask(ME)).status).toBe(200);
  } finally {
    await cut.stop();
  }
});
