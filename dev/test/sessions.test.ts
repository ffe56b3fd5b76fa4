/** Sessions through the real router: what attackers try with tokens, and what ends when a session does. */
import { readFileSync } from 'node:fs';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { settle } from '@chorus/kit/testing';
import {
  AccountDocument,
  type Chorus,
  createChorus,
  CreatePostDocument,
  CreateRoomDocument,
  LogInDocument,
  LogOutDocument,
  RefreshSessionDocument,
  RevokeAllSessionsDocument,
  RevokeOtherSessionsDocument,
  RoomEventsDocument,
  SendMessageDocument,
  SessionsDocument,
  type SessionTokens,
  SignUpDocument,
} from '@chorus/sdk';
import { calculateJwkThumbprint, decodeJwt, exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usePrivateStack } from './private-stack.ts';
import { signInByProvider } from './sign-in-by-provider.ts';
import { letterTo } from './verified.ts';

const LIMIT_MS = 5000;
const password = 'correct horse battery';
const system = usePrivateStack();
const disposals: (() => unknown)[] = [];
afterAll(async () => {
  for (const dispose of disposals) await dispose();
});

let key: KeyObject;
let kid: string;
beforeAll(async () => {
  key = createPrivateKey(readFileSync(system.stack.infrastructure.secrets.signingKeyFile));
  kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(key)));
});

function client(options: Partial<Parameters<typeof createChorus>[0]> = {}): Chorus {
  const made = createChorus({ url: system.stack.urls.graphql, ...options });
  disposals.push(() => made.close());
  return made;
}

interface SignedIn extends SessionTokens {
  accessToken: string;
  refreshToken: string;
  userId: string;
  handle: string;
}
const signedIn = (session: {
  accessToken: string;
  refreshToken?: string | null;
  user?: { id: string; handle: string } | null;
}): SignedIn => ({
  accessToken: session.accessToken,
  refreshToken: session.refreshToken ?? '',
  userId: session.user?.id ?? '',
  handle: session.user?.handle ?? '',
});
let people = 0;
async function signUp(): Promise<SignedIn> {
  const handle = `session_${++people}`;
  const input = { handle, name: 'Somebody', email: `${handle}@example.test`, password };
  const { signUp: session } = await client({ token: system.stack.serviceToken }).request(SignUpDocument, { input });
  if (session?.__typename !== 'Session') throw new Error(`no session but ${session?.__typename}`);
  return signedIn(session);
}
async function logIn(handle: string): Promise<SignedIn> {
  const { logIn: session } = await client().request(LogInDocument, { input: { identifier: handle, password } });
  if (session?.__typename !== 'Session') throw new Error(`no session but ${session?.__typename}`);
  return signedIn(session);
}
async function refresh(refreshToken: string): Promise<SignedIn | null> {
  const { refreshSession: session } = await client().request(RefreshSessionDocument, { refreshToken });
  return session?.__typename === 'Session' ? signedIn(session) : null;
}

async function post(body: object, headers: Record<string, string> = {}, url = system.stack.urls.graphql) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as {
    data?: Record<string, unknown> | null;
    errors?: { message: string; extensions: { code: string } }[];
  };
  return {
    status: response.status,
    cookies: response.headers.getSetCookie(),
    code: answer.errors?.[0]?.extensions.code,
    ...answer,
  };
}
const me = (token: string) => post({ query: '{ me { id } }' }, { authorization: `Bearer ${token}` });
const REFUSED = { status: 401, code: 'UNAUTHENTICATED' };
const goesOn = async ({ accessToken, userId }: SignedIn) =>
  expect(await me(accessToken)).toMatchObject({ status: 200, data: { me: { id: userId } } });

/** A socket under this token, once it is accepted; `closed` resolves with the code that it is closed with. */
async function openSocket(accessToken: string): Promise<{ closed: Promise<number> }> {
  const socket = new WebSocket(system.stack.urls.websocket, 'graphql-transport-ws');
  const accepted = Promise.withResolvers<unknown>();
  const closed = Promise.withResolvers<number>();
  socket.addEventListener('close', ({ code }) => {
    accepted.reject(new Error(`closed with ${code}`));
    closed.resolve(code);
  });
  socket.addEventListener('message', ({ data }) => accepted.resolve(data));
  socket.addEventListener('open', () => {
    const payload = { authorization: `Bearer ${accessToken}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
  });
  await accepted.promise;
  return { closed: closed.promise };
}

describe('a session that is ended', () => {
  const ways: [string, (session: SignedIn, other: SignedIn) => Promise<unknown>][] = [
    ['by logging out', ({ accessToken }) => client({ token: accessToken }).request(LogOutDocument, {})],
    ['by logging out with its refresh token', ({ refreshToken }) => client().request(LogOutDocument, { refreshToken })],
    ['from another', (_, { accessToken }) => client({ token: accessToken }).request(RevokeOtherSessionsDocument, {})],
    ['with all', ({ accessToken }) => client({ token: accessToken }).request(RevokeAllSessionsDocument, {})],
    [
      'by a refresh token that comes a third time',
      async ({ refreshToken }) => {
        const next = await refresh(refreshToken);
        await refresh(next?.refreshToken ?? '');
        expect(await refresh(refreshToken)).toBeNull();
      },
    ],
  ];

  test.each(ways)('%s is over within 5 s: over HTTP, on sockets, and for refreshing', async (way, end) => {
    const session = await signUp();
    const other = await logIn(session.handle);
    const stranger = await signUp();
    await goesOn(session);
    const { closed } = await openSocket(session.accessToken);
    const ended = Date.now();
    await end(session, other);
    expect(await closed).toBe(4403);
    await settle(async () => (await me(session.accessToken)).status === 401, { limitMs: LIMIT_MS });
    expect(Date.now() - ended).toBeLessThan(LIMIT_MS);
    expect(await me(session.accessToken)).toMatchObject(REFUSED);
    expect(await refresh(session.refreshToken)).toBeNull();
    await goesOn(stranger);
    // The other of the same person goes on, unless all were ended.
    expect((await me(other.accessToken)).status).toBe(way === 'with all' ? 401 : 200);
    await goesOn(await logIn(session.handle));
  });
});

describe('an access token that is', () => {
  const claims = async (): Promise<{ session: SignedIn; payload: JWTPayload }> => {
    const session = await signUp();
    return { session, payload: decodeJwt(session.accessToken) };
  };
  const sign = (payload: JWTPayload, header: object = {}, by: KeyObject | Uint8Array = key) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid, ...header }).sign(by);

  test('signed as ours are is accepted: what follows fails for its fault alone', async () => {
    const { session, payload } = await claims();
    expect(await me(await sign(payload))).toMatchObject({ data: { me: { id: session.userId } } });
  });

  const past = Math.floor(Date.now() / 1000) - 60;
  test.each<[string, (payload: JWTPayload, token: string) => Promise<string> | string]>([
    ['not signed (alg none)', (payload) => new UnsecuredJWT(payload).encode()],
    [
      'signed with another key',
      (payload) => sign(payload, {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ],
    [
      'signed with the public key as a shared secret',
      async (payload) =>
        sign(payload, { alg: 'HS256' }, Buffer.from(createPublicKey(key).export({ type: 'spki', format: 'pem' }))),
    ],
    ['for another audience', (payload) => sign({ ...payload, aud: 'elsewhere' })],
    ['from another issuer', (payload) => sign({ ...payload, iss: 'https://elsewhere.test' })],
    ['expired', (payload) => sign({ ...payload, iat: past - 600, exp: past })],
    ['of another type', (payload) => sign(payload, { typ: 'JWT' })],
    ['without an expiry', (payload) => sign({ ...payload, exp: undefined })],
    [
      'changed',
      (_, token) => {
        const [head, , signature] = token.split('.');
        return [head, Buffer.from('{"sub":"usr_0"}').toString('base64url'), signature].join('.');
      },
    ],
    ['cut off', (_, token) => token.slice(0, -10)],
  ])('%s is refused', async (_, make) => {
    const { session, payload } = await claims();
    const token = await make(payload, session.accessToken);
    expect(await me(token)).toMatchObject(REFUSED);
    await goesOn(session);
  });

  test('a refresh token is none', async () => {
    expect(await me((await signUp()).refreshToken)).toMatchObject(REFUSED);
  });
});

describe('what is not offered', () => {
  test('input fields beyond the schema are refused, not stored', async () => {
    const query = 'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }';
    const plain = { handle: 'massive', name: 'n', email: 'massive@example.test', password };
    for (const extra of [
      { id: 'usr_0' },
      { roles: ['admin'] },
      { emailVerified: true },
      { createdAt: '2001-01-01T00:00:00Z' },
    ]) {
      expect(await post({ query, variables: { input: { ...plain, ...extra } } })).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    }
    const { accessToken } = await signUp();
    const update = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }';
    const headers = { authorization: `Bearer ${accessToken}` };
    for (const extra of [{ handle: 'taken_over' }, { id: 'usr_0' }, { userId: 'usr_0' }]) {
      expect(await post({ query: update, variables: { input: extra } }, headers)).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    }
  });

  test('_entities is not there for clients, and on the subgraph only for the router', async () => {
    const { accessToken, userId } = await signUp();
    const body = {
      query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }',
      variables: { r: [{ __typename: 'User', id: userId }] },
    };
    expect((await post(body)).data).toBeUndefined();
    const urls = String(system.stack.env.router['SUBGRAPH_URLS']).split(',');
    const url = urls.find((entry) => entry.startsWith('users='))?.slice('users='.length) ?? '';
    const attempts: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${accessToken}` },
      { 'chorus-viewer': accessToken },
      { 'chorus-viewer': new UnsecuredJWT({ userId }).encode() },
    ];
    for (const headers of attempts) expect(await post(body, headers, url)).toMatchObject(REFUSED);
  });
});

test('in a browser the refresh token is in a cookie, which the router takes to users and back', async () => {
  const { handle } = await signUp();
  const query =
    'mutation ($input: LogInInput!) { logIn(input: $input) { ... on Session { accessToken refreshToken } } }';
  const variables = { input: { identifier: handle, password, cookie: true } };
  const { data, cookies } = await post({ query, variables });
  expect(data).toMatchObject({ logIn: { refreshToken: null } });
  expect(cookies).toEqual([expect.stringMatching(/^chorus_refresh=chr_.*; HttpOnly; SameSite=Strict$/)]);
  const cookie = cookies[0]?.split(';')[0] ?? '';
  const again = await post(
    { query: 'mutation { refreshSession { __typename ... on Session { accessToken refreshToken } } }' },
    { cookie: `other=1; ${cookie}` },
  );
  expect(again.data).toMatchObject({ refreshSession: { __typename: 'Session', refreshToken: null } });
  expect(again.cookies).toHaveLength(1);
  expect(again.cookies[0]).not.toContain(cookie);
});

describe('signing in by another provider', () => {
  signInByProvider(system);
});

describe('the SDK', () => {
  /** A session whose access token has just expired. */
  async function expired() {
    const session = await signUp();
    const payload = decodeJwt(session.accessToken);
    const past = Math.floor(Date.now() / 1000) - 60;
    const accessToken = await new SignJWT({ ...payload, exp: past })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid })
      .sign(key);
    const heard: (SessionTokens | null)[] = [];
    const tokens = { accessToken, refreshToken: session.refreshToken };
    const chorus = client({ session: tokens, onSession: (next) => void heard.push(next) });
    return { session, heard, chorus };
  }

  test('refreshes an expired access token once, whatever asks at once, and tells it', async () => {
    const { session, heard, chorus } = await expired();
    const answers = await Promise.all(Array.from({ length: 5 }, () => chorus.request(SessionsDocument, {})));
    for (const { sessions } of answers) expect(sessions).toMatchObject([{ isCurrent: true }]);
    expect(heard).toEqual([{ accessToken: expect.any(String), refreshToken: expect.stringMatching(/^chr_/) }]);
    expect(heard[0]?.refreshToken).not.toBe(session.refreshToken);
    await chorus.request(SessionsDocument, {});
    expect(heard).toHaveLength(1);
  });

  test('sends a mutation again that was refused for its token, and connects a socket again', async () => {
    const { heard, chorus } = await expired();
    const input = { name: 'Room', memberIds: [], idempotencyKey: 'sdk-room-1' };
    const { createRoom } = await chorus.request(CreateRoomDocument, { input });
    const { id: roomId, eventCursor: after } = createRoom?.room ?? { id: '', eventCursor: '' };
    expect(heard).toHaveLength(1);
    // Another client, whose first connection is refused.
    const second = await expired();
    const strange = second.chorus.subscribe(RoomEventsDocument, { roomId, after });
    expect(await strange.next()).toMatchObject({ value: { roomEvents: { reason: 'NOT_A_MEMBER' } } });
    expect(second.heard).toHaveLength(1);

    const events = chorus.subscribe(RoomEventsDocument, { roomId, after });
    const first = events.next();
    await chorus.request(SendMessageDocument, { input: { roomId, text: 'Hello', clientId: 'sdk-message-1' } });
    expect(await first).toMatchObject({ value: { roomEvents: { message: { text: 'Hello' } } } });
    await events.return();
  });

  test('tells when the session has ended, and that the request was refused', async () => {
    const { session, heard, chorus } = await expired();
    await client().request(LogOutDocument, { refreshToken: session.refreshToken });
    await expect(chorus.request(SessionsDocument, {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    expect(heard).toEqual([null]);
  });

  test('writes once its address is verified by the link of a letter, and its session renewed', async () => {
    const email = 'linked@example.test';
    const input = { handle: 'linked', name: 'Linked', email, password };
    const { signUp: session } = await client().request(SignUpDocument, { input });
    if (session?.__typename !== 'Session') throw new Error('no session');
    const { accessToken, refreshToken } = signedIn(session);
    const heard: (SessionTokens | null)[] = [];
    const chorus = client({ session: { accessToken, refreshToken }, onSession: (next) => void heard.push(next) });
    let posts = 0;
    const post = () => {
      const idempotencyKey = `verified-post-${++posts}`;
      return chorus.request(CreatePostDocument, { input: { text: 'Hello', idempotencyKey } });
    };
    const refused = { errors: [{ extensions: { code: 'FORBIDDEN', reason: 'EMAIL_NOT_VERIFIED' } }] };
    await expect(post()).rejects.toMatchObject(refused);

    const { text } = await letterTo(system.stack, email);
    const link = new URL(/^http\S+$/m.exec(text)?.[0] ?? '');
    expect(link.origin).toBe(new URL(system.stack.urls.public).origin);
    expect(await (await fetch(link)).text()).toContain('<form method="post"');
    await expect(post()).rejects.toMatchObject(refused);
    const pressed = await fetch(new URL('/auth/verify', link), { method: 'POST', body: link.searchParams });
    expect(await pressed.text()).toContain('Your address is verified');
    expect((await chorus.request(AccountDocument, {})).account).toMatchObject({ email, emailVerified: true });
    expect(await chorus.renew()).toBe(true);
    expect(heard).toHaveLength(1);
    expect((await post()).createPost?.post).toMatchObject({ text: 'Hello' });
  });

  test('with no access token refreshes first', async () => {
    const { refreshToken } = await signUp();
    const chorus = client({ session: { accessToken: null, refreshToken } });
    expect((await chorus.request(SessionsDocument, {})).sessions).toHaveLength(1);
  });
});
