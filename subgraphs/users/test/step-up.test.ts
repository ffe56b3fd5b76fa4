/** Proving again who one is, and what needs it: another password. */
import { settle } from '@chorus/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountsOf } from './accounts.ts';
import { type Fixture, importer, password, startFixture, stranger } from './fixture.ts';

let users: Fixture;
let accounts: ReturnType<typeof accountsOf>;
beforeAll(async () => {
  users = await startFixture();
  accounts = accountsOf(users);
});
afterAll(() => users.stop());

const STEP_UP = /* GraphQL */ `
  mutation ($input: StepUpInput!) {
    stepUp(input: $input) {
      __typename
      ... on SteppedUp {
        expiresAt
      }
      ... on StepUpRefused {
        message
      }
    }
  }
`;
const CHANGE = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { count } }';
const next = 'another horse battery';
const change = (newPassword = next) => [CHANGE, { input: { newPassword } }] as const;
const NEEDED = { code: 'FORBIDDEN', reason: 'STEP_UP_REQUIRED' };
const hashOf = async (userId: string) =>
  (await users.db.credential.findUniqueOrThrow({ where: { userId } })).passwordHash;

describe('stepping up', () => {
  test('takes the password, and holds for ten minutes in this session alone', async () => {
    const { handle, viewer } = await accounts.signUp();
    const other = await accounts.logIn(handle);
    const { stepUp } = await users.ask<{ stepUp: { expiresAt: string } }>(viewer, STEP_UP, {
      input: { secret: password },
    });
    expect(stepUp).toMatchObject({ __typename: 'SteppedUp' });
    const left = Date.parse(stepUp.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(9 * 60_000);
    expect(left).toBeLessThanOrEqual(10 * 60_000 + 1000);
    expect(await users.refusal(other ?? viewer, ...change())).toMatchObject(NEEDED);

    await users.db.$executeRaw`
      update session set stepped_up_at = stepped_up_at - interval '601 seconds' where id = ${viewer.sessionId}`;
    expect(await users.refusal(viewer, ...change())).toMatchObject(NEEDED);
    expect(await accounts.logIn(handle)).not.toBeNull();
  });

  test('a wrong password proves nothing, nor does a log-in', async () => {
    const { handle, viewer } = await accounts.signUp();
    expect(await accounts.stepUp(viewer, 'not the password')).toBe('StepUpRefused');
    expect(await users.refusal(viewer, ...change())).toMatchObject(NEEDED);
    const fresh = await accounts.logIn(handle);
    expect(await users.refusal(fresh ?? viewer, ...change())).toMatchObject(NEEDED);
    const hash = await hashOf(viewer.userId);
    expect(await accounts.stepUp(viewer)).toBe('SteppedUp');
    await users.ask(viewer, ...change());
    expect(await hashOf(viewer.userId)).not.toBe(hash);
  });

  test('is for the person: not for a service account, an ended session, or somebody else’s', async () => {
    const ann = await accounts.signUp();
    const ben = await accounts.signUp();
    const input = { secret: password };
    const code = 'UNAUTHENTICATED';
    const acting = { ...ann.viewer, sessionId: null, service: importer.service };
    for (const viewer of [stranger(), acting, { ...ann.viewer, sessionId: ben.viewer.sessionId }]) {
      expect(await users.refusal(viewer, STEP_UP, { input })).toMatchObject({ code });
      expect(await users.refusal(viewer, ...change())).toMatchObject({ code });
    }
    await accounts.stepUp(ben.viewer);
    // Ben's proof is Ben's.
    expect(await users.refusal({ ...ann.viewer, sessionId: ben.viewer.sessionId }, ...change())).toMatchObject({
      code,
    });
    await users.db.session.delete({ where: { id: ben.viewer.sessionId } });
    expect(await users.refusal(ben.viewer, STEP_UP, { input })).toMatchObject({ code });
    expect(await users.refusal(ben.viewer, ...change())).toMatchObject({ code });
  });

  test('is tried five times a minute, also with the right password', async () => {
    const { viewer } = await accounts.signUp();
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await accounts.stepUp(viewer, `not the password ${attempt}`)).toBe('StepUpRefused');
    }
    expect(await users.refusal(viewer, STEP_UP, { input: { secret: password } })).toMatchObject({
      code: 'RATE_LIMITED',
    });
  });
});

describe('another password', () => {
  test('ends all other sessions, and keeps this one', async () => {
    const person = await accounts.signUp();
    const other = await accounts.logIn(person.handle);
    const { handle, viewer } = person;
    await accounts.stepUp(viewer);
    expect(await users.ask(viewer, ...change())).toEqual({ changePassword: { count: 1 } });
    expect(await accounts.sessionsOf(person)).toEqual([viewer.sessionId]);
    const ended = await users.db.outboxEvent.findMany({ where: { name: 'session.revoked' } });
    expect(ended.map(({ aggregate }) => aggregate)).toContain(other?.sessionId);
    expect(ended.map(({ aggregate }) => aggregate)).not.toContain(viewer.sessionId);
    expect(await accounts.logIn(handle)).toBeNull();
    expect(await accounts.logIn(handle, next)).not.toBeNull();
  });

  test('a log-in by the former one that is under way meanwhile is refused', async () => {
    const person = await accounts.signUp();
    const { userId } = person.viewer;
    const changed = await hashOf((await accounts.signUp()).viewer.userId);
    const logIn = await users.db.$transaction(async (tx) => {
      await tx.credential.update({ where: { userId }, data: { passwordHash: changed } });
      const pending = accounts.logIn(person.handle);
      // It has read the former hash and waits for the row once it is there.
      await settle(async () => {
        const [waiting] = await users.db.$queryRaw<unknown[]>`
          select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return waiting;
      });
      return { pending };
    });
    expect(await logIn.pending).toBeNull();
    expect(await accounts.sessionsOf(person)).toEqual([person.viewer.sessionId]);
  });

  test('of two at once from two sessions one stays signed in', async () => {
    const person = await accounts.signUp();
    const other = await accounts.logIn(person.handle);
    if (other === null) throw new Error('no session');
    await Promise.all([accounts.stepUp(person.viewer), accounts.stepUp(other)]);
    const results = await Promise.allSettled([
      users.ask(person.viewer, ...change('the first of two passwords')),
      users.ask(other, ...change('the second of two passwords')),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await accounts.sessionsOf(person)).toHaveLength(1);
  });

  test('is refused where it is short, common, or what the person is called', async () => {
    const { handle, viewer } = await accounts.signUp();
    await accounts.stepUp(viewer);
    const hash = await hashOf(viewer.userId);
    for (const bad of ['short', 'password123', handle, '']) {
      expect(await users.refusal(viewer, ...change(bad)), bad).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.newPassword',
      });
    }
    expect(await users.refusal(viewer, CHANGE, { input: { newPassword: next, userId: 'usr_0' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(await hashOf(viewer.userId)).toBe(hash);
  });
});
