/** Sessions: their refresh tokens, their list and their end. */
import { createSubgraphClient, settle, viewerOf } from '@chorus/kit/testing';
import { anonymous, type Viewer, VIEWER_HEADER } from '@chorus/kit/viewer';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_SESSIONS } from '../src/session/session.service.ts';
import { type Fixture, importer, password, startFixture, stranger } from './fixture.ts';

let users: Fixture;
beforeAll(async () => {
  users = await startFixture({ logLevel: 'silent' });
});
afterAll(() => users.stop());

const SESSION = `__typename ... on Session { accessToken refreshToken refreshExpiresAt user { id handle } }`;
const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { ${SESSION} } }`;
const LOG_IN = `mutation ($input: LogInInput!) { logIn(input: $input) { ${SESSION} } }`;
const REFRESH = `mutation ($token: String) { refreshSession(refreshToken: $token) { ${SESSION} ... on SessionEnded { message } } }`;
const LOG_OUT = 'mutation ($token: String) { logOut(refreshToken: $token) { count } }';
const SESSIONS = '{ sessions { id device address createdAt lastUsedAt expiresAt isCurrent } }';

interface Answer {
  __typename: string;
  accessToken: string;
  refreshToken: string;
  refreshExpiresAt: string;
  user: { id: string; handle: string };
}
const sidOf = ({ accessToken }: Answer) => String(decodeJwt(accessToken)['sid']);
const viewerIn = (session: Answer) => viewerOf(session.user.id, { sessionId: sidOf(session) });

let people = 0;
async function signUp(viewer: Viewer = stranger()): Promise<Answer> {
  const handle = `person_${++people}`;
  const input = { handle, name: 'Somebody', email: `${handle}@example.org`, password };
  return (await users.ask<{ signUp: Answer }>(viewer, SIGN_UP, { input })).signUp;
}
const logIn = async (identifier: string, viewer: Viewer = stranger()) =>
  (await users.ask<{ logIn: Answer }>(viewer, LOG_IN, { input: { identifier, password } })).logIn;
const refresh = async (token: string | null, viewer: Viewer = stranger()) =>
  (await users.ask<{ refreshSession: Answer }>(viewer, REFRESH, { token })).refreshSession;
const end = async (viewer: Viewer, mutation: string) =>
  (await users.ask<{ end: { count: number } }>(viewer, `mutation { end: ${mutation} { count } }`)).end.count;
const list = async (viewer: Viewer) =>
  (await users.ask<{ sessions: { id: string; isCurrent: boolean }[] }>(viewer, SESSIONS)).sessions;
const stored = (session: Answer) => users.db.session.findUnique({ where: { id: sidOf(session) } });
/** As if the last refresh had been so long ago. */
const ago = (session: Answer, seconds: number) => users.db.$executeRaw`
  update session set rotated_at = rotated_at - ${seconds} * interval '1 second' where id = ${sidOf(session)}`;
const revocations = async () =>
  (await users.db.outboxEvent.findMany({ where: { name: 'session.revoked' }, orderBy: { id: 'asc' } })).map(
    ({ aggregate, payload }) => ({ aggregate, payload }),
  );
const revoked = (session: Answer) => ({
  aggregate: sidOf(session),
  payload: { userId: session.user.id, sessionId: sidOf(session), revokedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
});
beforeEach(() => users.db.outboxEvent.deleteMany({}));

describe('a refresh token', () => {
  test('comes with sign-up and log-in, is good for one new session of tokens, and is stored only as a hash', async () => {
    const first = await signUp({ ...anonymous, address: '192.0.2.1', device: 'old' });
    const second = await refresh(first.refreshToken, { ...anonymous, address: '192.0.2.2', device: 'new' });
    expect(second).toMatchObject({ __typename: 'Session', user: first.user });
    expect(sidOf(second)).toBe(sidOf(first));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await stored(first)).toMatchObject({ address: '192.0.2.2', device: 'new' });
    const row = JSON.stringify(await stored(first));
    for (const { refreshToken } of [first, second]) {
      const bytes = Buffer.from(refreshToken.slice(4), 'base64url');
      for (const part of [bytes.subarray(16, 32), bytes.subarray(32)]) {
        for (const written of [part.toString('base64url'), part.toString('hex')]) expect(row).not.toContain(written);
      }
    }
    const third = await refresh(second.refreshToken);
    expect(third.__typename).toBe('Session');
    expect((await logIn(first.user.handle)).refreshToken).toMatch(/^chr_/);
  });

  test('used by two at once has one successor, of which both can go on', async () => {
    const session = await signUp();
    const both = await Promise.all(Array.from({ length: 5 }, () => refresh(session.refreshToken)));
    expect(new Set(both.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(new Set(both.map(sidOf))).toEqual(new Set([sidOf(session)]));
    expect((await refresh(both[0]?.refreshToken ?? '')).__typename).toBe('Session');
    expect(await revocations()).toEqual([]);
  });

  test('used again gets the same successor for 10 s, and after that ends the session', async () => {
    const session = await signUp();
    const next = await refresh(session.refreshToken);
    await ago(session, 9);
    expect((await refresh(session.refreshToken)).refreshToken).toBe(next.refreshToken);
    await ago(session, 2);
    expect((await refresh(session.refreshToken)).__typename).toBe('SessionEnded');
    expect(await stored(session)).toBeNull();
    expect((await refresh(next.refreshToken)).__typename).toBe('SessionEnded');
    expect(await revocations()).toEqual([revoked(session)]);
  });

  test('from further back ends the session also within the 10 s: its thief is told by any of them', async () => {
    const session = await signUp();
    const next = await refresh(session.refreshToken);
    const last = await refresh(next.refreshToken);
    expect((await refresh(session.refreshToken)).__typename).toBe('SessionEnded');
    expect((await refresh(last.refreshToken)).__typename).toBe('SessionEnded');
    expect(await revocations()).toEqual([revoked(session)]);
  });

  test('that is made up ends nothing, not even with the id of a session', async () => {
    const session = await signUp();
    const bytes = Buffer.from(session.refreshToken.slice(4), 'base64url');
    const changed = (from: number, to: number) =>
      `chr_${Buffer.from(bytes.map((byte, index) => (index >= from && index < to ? byte ^ 1 : byte))).toString('base64url')}`;
    const made = [
      '',
      'chr_',
      'x'.repeat(5000),
      'nul\0',
      `${session.refreshToken}A`,
      changed(0, 16),
      changed(16, 64),
      changed(16, 32),
    ];
    for (const token of made) expect((await refresh(token)).__typename, token).toBe('SessionEnded');
    expect((await refresh(null)).__typename).toBe('SessionEnded');
    expect((await refresh(session.refreshToken)).__typename).toBe('Session');
    expect(await revocations()).toEqual([]);
  });

  test('is no access token, and an access token is no refresh token', async () => {
    const session = await signUp();
    expect((await refresh(session.accessToken)).__typename).toBe('SessionEnded');
    expect((await refresh(session.refreshToken)).__typename).toBe('Session');
  });

  test('ends 30 days after the last refresh, and 180 days after the log-in in any case', async () => {
    const days = (session: Answer) => (new Date(session.refreshExpiresAt).getTime() - Date.now()) / 86_400_000;
    const session = await signUp();
    expect(days(session)).toBeCloseTo(30, 2);
    await users.db.$executeRaw`
      update session set created_at = now() - interval '175 days' where id = ${sidOf(session)}`;
    const late = await refresh(session.refreshToken);
    expect(days(late)).toBeCloseTo(5, 2);
    await users.db.$executeRaw`update session set expires_at = now() where id = ${sidOf(session)}`;
    expect((await refresh(late.refreshToken)).__typename).toBe('SessionEnded');
    expect(await users.refusal(viewerIn(session), SESSIONS)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('in a browser', () => {
  /** Over HTTP, with the cookie header of the client. */
  async function send(query: string, variables: object, cookie?: string, viewer: Viewer = stranger()) {
    const token = await createSubgraphClient(users.url).token(viewer);
    const headers = { 'content-type': 'application/json', [VIEWER_HEADER]: token, ...(cookie && { cookie }) };
    const response = await fetch(users.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const { data } = (await response.json()) as { data: Record<string, Answer> };
    const [answer] = Object.values(data);
    if (answer === undefined) throw new Error('no answer');
    return { answer, set: response.headers.getSetCookie() };
  }
  const logInBrowser = async (handle: string) =>
    send(LOG_IN, { input: { identifier: handle, password, cookie: true } });
  const pair = (set: string[]) => set[0]?.split(';')[0] ?? '';

  test('the refresh token is a cookie for the endpoint alone, which no script and no other site can use', async () => {
    const { user } = await signUp();
    const { answer, set } = await logInBrowser(user.handle);
    expect(answer).toMatchObject({ __typename: 'Session', refreshToken: null });
    expect(set).toEqual([
      expect.stringMatching(
        /^chorus_refresh=chr_[\w-]{86}; Max-Age=25\d{5}; Path=\/graphql; HttpOnly; SameSite=Strict$/,
      ),
    ]);

    const refreshed = await send(REFRESH, {}, `theme=dark; ${pair(set)}`);
    expect(refreshed.answer).toMatchObject({ __typename: 'Session', refreshToken: null, user });
    expect(pair(refreshed.set)).not.toBe(pair(set));
    // Reuse: the second tab within 10 s gets the same cookie.
    expect(pair((await send(REFRESH, {}, pair(set))).set)).toBe(pair(refreshed.set));

    const out = await send(LOG_OUT, {}, pair(refreshed.set));
    expect(out).toMatchObject({
      answer: { count: 1 },
      set: [expect.stringMatching(/^chorus_refresh=; Max-Age=0; Path/)],
    });
    const ended = await send(REFRESH, {}, pair(refreshed.set));
    expect(ended).toMatchObject({
      answer: { __typename: 'SessionEnded' },
      set: [expect.stringContaining('Max-Age=0')],
    });
  });

  test('a token given in the operation is answered in it, and leaves the cookie alone', async () => {
    const one = await signUp();
    const browser = await logInBrowser(one.user.handle);
    const { answer, set } = await send(REFRESH, { token: one.refreshToken }, pair(browser.set));
    expect([answer.refreshToken, set]).toEqual([expect.stringMatching(/^chr_/), []]);
  });

  test('by TLS the cookie never goes without it, and a path before the endpoint is part of its own', async () => {
    const { createRefreshCookie } = await import('../src/session/refresh-cookie.ts');
    const set: string[] = [];
    createRefreshCookie('https://api.example.org/social/').clear({
      requestHeaders: {},
      setHeader: (_, value) => set.push(value),
    });
    expect(set).toEqual(['chorus_refresh=; Max-Age=0; Path=/social/graphql; HttpOnly; SameSite=Strict; Secure']);
  });
});

describe('the list of sessions', () => {
  test('has what its owner wants to know, this one first, and nobody else’s', async () => {
    const first = await signUp({ ...anonymous, address: '192.0.2.1', device: 'Phone' });
    const second = await logIn(first.user.handle, { ...anonymous, address: '2001:db8::1', device: null });
    await signUp();
    expect(await list(viewerIn(first))).toEqual([
      expect.objectContaining({ id: sidOf(first), device: 'Phone', address: '192.0.2.1', isCurrent: true }),
      expect.objectContaining({ id: sidOf(second), device: null, address: '2001:db8::1', isCurrent: false }),
    ]);
    const statements = await users.counter.during(() => list(viewerIn(first)));
    expect(statements).toHaveLength(1);
  });

  test('is for people who signed in: not for a service account that acts for one, nor for a session that has ended', async () => {
    const session = await signUp();
    const acting: Viewer = { ...importer, userId: session.user.id };
    const others: Viewer[] = [
      anonymous,
      acting,
      viewerOf(session.user.id),
      { ...viewerIn(await signUp()), userId: session.user.id },
    ];
    for (const viewer of others) {
      for (const query of [
        SESSIONS,
        'mutation { revokeAllSessions { count } }',
        'mutation { revokeOtherSessions { count } }',
        `mutation { revokeSession(id: "${sidOf(session)}") { count } }`,
      ]) {
        expect(await users.refusal(viewer, query)).toMatchObject({ code: 'UNAUTHENTICATED' });
      }
    }
    expect(await stored(session)).not.toBeNull();
  });

  test(`holds at most ${MAX_SESSIONS}: one more ends the one that was not used for longest`, async () => {
    const first = await signUp();
    await users.db.$executeRaw`
      insert into session (id, user_id, address, last_used_at, expires_at)
      select 'ses_' || md5(n::text), ${first.user.id}, '', now() + n * interval '1 second', now() + interval '1 day'
      from generate_series(1, ${MAX_SESSIONS - 1}) n`;
    const last = await logIn(first.user.handle);
    expect(await stored(first)).toBeNull();
    expect(await list(viewerIn(last))).toHaveLength(MAX_SESSIONS);
    expect(await revocations()).toEqual([revoked(first)]);
  });
});

describe('ending', () => {
  test('logging out ends the session that asks, once', async () => {
    const [session, other] = [await signUp(), await signUp()];
    expect(await end(viewerIn(session), 'logOut')).toBe(1);
    expect(await end(viewerIn(session), 'logOut')).toBe(0);
    expect(await end(anonymous, 'logOut')).toBe(0);
    expect([await stored(session), (await stored(other))?.id]).toEqual([null, sidOf(other)]);
    expect(await revocations()).toEqual([revoked(session)]);
    expect((await refresh(session.refreshToken)).__typename).toBe('SessionEnded');
  });

  test('logging out by refresh token needs a genuine one, of whatever age', async () => {
    const session = await signUp();
    await refresh(session.refreshToken);
    const forged = session.refreshToken.slice(0, 30) + (await signUp()).refreshToken.slice(30);
    expect(await end(anonymous, `logOut(refreshToken: "${forged}")`)).toBe(0);
    expect(await end(anonymous, `logOut(refreshToken: "${session.refreshToken}")`)).toBe(1);
    expect(await stored(session)).toBeNull();
  });

  test('one of one’s own, all others, or all; never another person’s', async () => {
    const one = await signUp();
    const [two, three, four] = [
      await logIn(one.user.handle),
      await logIn(one.user.handle),
      await logIn(one.user.handle),
    ];
    const other = await signUp();
    const me = viewerIn(one);
    expect(await end(me, `revokeSession(id: "${sidOf(other)}")`)).toBe(0);
    expect(await end(me, `revokeSession(id: "no id \\u0000")`)).toBe(0);
    expect(await end(me, `revokeSession(id: "${sidOf(two)}")`)).toBe(1);
    expect(await end(me, `revokeSession(id: "${sidOf(two)}")`)).toBe(0);
    expect(await end(me, 'revokeOtherSessions')).toBe(2);
    expect((await list(me)).map(({ id }) => id)).toEqual([sidOf(one)]);
    expect(await end(me, 'revokeAllSessions')).toBe(1);
    expect(await stored(other)).not.toBeNull();
    const events = await revocations();
    expect(events).toHaveLength(4);
    expect(events).toEqual(expect.arrayContaining([two, three, four, one].map(revoked)));
    // What has ended ends nothing more, while the router may not know it yet.
    const again = await logIn(one.user.handle);
    expect(await users.refusal(me, 'mutation { revokeAllSessions { count } }')).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await stored(again)).not.toBeNull();
  });

  test('two that end each other at once: one stays', async () => {
    const one = await signUp();
    const two = await logIn(one.user.handle);
    const results = await Promise.allSettled(
      [one, two].map((session) => end(viewerIn(session), 'revokeOtherSessions')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await users.db.session.count({ where: { userId: one.user.id } })).toBe(1);
  });

  test('while it is being refreshed: the session is gone either way', async () => {
    const session = await signUp();
    const [refreshed] = await Promise.all([refresh(session.refreshToken), end(viewerIn(session), 'revokeAllSessions')]);
    expect(await stored(session)).toBeNull();
    expect(await revocations()).toEqual([revoked(session)]);
    // Whichever came first: what the refresh was given, if anything, is good for nothing.
    expect((await refresh(refreshed.refreshToken ?? null)).__typename).toBe('SessionEnded');
  });
});

test('expired sessions are deleted, others are not', async () => {
  const [old, young] = [await signUp(), await signUp()];
  await users.db.$executeRaw`update session set expires_at = now() - interval '1 second' where id = ${sidOf(old)}`;
  const { startSessionPurge } = await import('../src/session/session.service.ts');
  const { createLogger } = await import('@chorus/kit/logger');
  const purge = startSessionPurge({ db: users.db, logger: createLogger({ service: 'test', level: 'silent' }) });
  await settle(async () => (await stored(old)) === null);
  await purge.stop();
  expect(await stored(young)).not.toBeNull();
});
