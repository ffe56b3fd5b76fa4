import { newId } from '@chorus/kit/ids';
import { testKeys, viewerOf } from '@chorus/kit/testing';
import { signToken, verifyToken } from '@chorus/kit/tokens';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { ATTACHMENT, GRANT } from '@chorus/schema/claims';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, importer, startFixture } from './fixture.ts';

let users: Fixture;
let ada: Viewer & { userId: string };
let bob: Viewer & { userId: string };
beforeAll(async () => {
  users = await startFixture();
  [ada, bob] = (await users.people('ada', 'bob')) as [typeof ada, typeof bob];
});
afterAll(() => users.stop());

describe('looking up', () => {
  const USER = 'query ($handle: String, $id: ID) { user(handle: $handle, id: $id) { id handle } }';
  const find = (variables: object) => users.ask<{ user: unknown }>(anonymous, USER, { ...variables });

  test('me is the viewer, or null for an anonymous one', async () => {
    expect(await users.ask(ada, '{ me { id handle name bio } }')).toEqual({
      me: { id: ada.userId, handle: 'ada', name: 'Name of ada', bio: null },
    });
    expect(await users.ask(anonymous, '{ me { id } }')).toEqual({ me: null });
    expect(await users.ask(viewerOf(newId('usr')), '{ me { id } }')).toEqual({ me: null });
  });

  test('a person by handle or by id', async () => {
    const user = { id: ada.userId, handle: 'ada' };
    for (const handle of ['ada', '@ada', 'ADA', ' @Ada ']) expect(await find({ handle })).toEqual({ user });
    expect(await find({ id: ada.userId })).toEqual({ user });
    expect(await find({ id: ada.userId, handle: null })).toEqual({ user });
  });

  test.each([
    { handle: 'nobody' },
    { handle: '' },
    { handle: '@@ada' },
    { handle: 'nul\0' },
    { handle: "' or true --" },
    { id: newId('usr') },
    { id: newId('pst') },
    { id: '' },
    { id: 'usr_' },
    { id: 'nul\0' },
  ])('null for %j', async (variables) => {
    expect(await find(variables)).toEqual({ user: null });
  });

  test.each([{}, { handle: 'ada', id: newId('usr') }])('refuses %j', async (variables) => {
    expect(await users.refusal(anonymous, USER, variables)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'handle' });
  });

  test('as a reference of other subgraphs: in order, null where there is nobody, one statement', async () => {
    const ids = [bob.userId, newId('usr'), ada.userId, 'no id', bob.userId, newId('msg')];
    const ask = () =>
      users.ask(anonymous, 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { handle } } }', {
        r: ids.map((id) => ({ __typename: 'User', id })),
      });
    const statements = await users.counter.during(async () => {
      expect(await ask()).toEqual({
        _entities: [{ handle: 'bob' }, null, { handle: 'ada' }, null, { handle: 'bob' }, null],
      });
    });
    expect(statements).toHaveLength(1);
  });

  test('nothing that signs a person in can be asked for', async () => {
    for (const field of ['email', 'passwordHash', 'credential { email }', 'sessions { id }']) {
      expect((await users.refusal(ada, `{ me { ${field} } }`)).code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });
});

describe('any object by id', () => {
  const NODE = 'query ($id: ID!) { node(id: $id) { __typename nodeId ... on User { handle } ... on Media { ref } } }';

  test('a person is looked up; what others own is left to them', async () => {
    expect(await users.ask(anonymous, NODE, { id: ada.userId })).toEqual({
      node: { __typename: 'User', nodeId: ada.userId, handle: 'ada' },
    });
    const types = { pst: 'Post', cmt: 'Comment', rom: 'Room', msg: 'Message' };
    for (const [prefix, __typename] of Object.entries(types)) {
      const id = newId(prefix);
      expect(await users.ask(anonymous, NODE, { id })).toEqual({ node: { __typename, nodeId: id } });
    }
    const id = newId('med');
    expect(await users.ask(anonymous, NODE, { id })).toEqual({ node: { __typename: 'Media', nodeId: id, ref: id } });
  });

  test.each([
    newId('usr'),
    newId('ses'),
    newId('xyz'),
    '',
    'usr_1',
    'nul\0',
    `${newId('pst')}0`,
    '__proto__',
    'con_structor',
  ])('null for %j', async (id) => {
    expect(await users.ask(anonymous, NODE, { id })).toEqual({ node: null });
  });

  test('many, in order, with one statement', async () => {
    const post = newId('pst');
    const ids = [bob.userId, post, 'nothing', newId('usr'), ada.userId];
    const statements = await users.counter.during(async () => {
      expect(await users.ask(anonymous, 'query ($ids: [ID!]!) { nodes(ids: $ids) { nodeId } }', { ids })).toEqual({
        nodes: [{ nodeId: bob.userId }, { nodeId: post }, null, null, { nodeId: ada.userId }],
      });
    });
    expect(statements).toHaveLength(1);
  });

  test('no more than 100', async () => {
    const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }';
    const ids = Array.from({ length: 101 }, () => newId('pst'));
    expect(await users.refusal(anonymous, NODES, { ids })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'ids' });
    expect((await users.ask<{ nodes: unknown[] }>(anonymous, NODES, { ids: ids.slice(1) })).nodes).toHaveLength(100);
    expect(await users.ask(anonymous, NODES, { ids: [] })).toEqual({ nodes: [] });
  });
});

describe('changing the profile', () => {
  const UPDATE = /* GraphQL */ `
    mutation ($input: UpdateProfileInput!) {
      updateProfile(input: $input) {
        user {
          name
          bio
          avatar {
            ref
            nodeId
          }
        }
      }
    }
  `;
  interface Updated {
    updateProfile: { user: { name: string; bio: string | null; avatar: { ref: string; nodeId: string } | null } };
  }
  const update = async (viewer: Viewer, input: object) =>
    (await users.ask<Updated>(viewer, UPDATE, { input })).updateProfile.user;
  const attachment = (claims: object, key = testKeys.attachment, typ: string = ATTACHMENT.typ, lifetime = 60) =>
    signToken(key, typ, { id: newId('med'), owner: ada.userId, kind: 'image', size: 1, ...claims }, lifetime);
  const profile = () => users.db.user.findUniqueOrThrow({ where: { id: ada.userId } });

  test('what is left out stays, null clears', async () => {
    expect(await update(ada, { name: ' Ada Lovelace ', bio: 'Poetical\nscience' })).toEqual({
      name: 'Ada Lovelace',
      bio: 'Poetical\nscience',
      avatar: null,
    });
    expect(await update(ada, { name: 'Ada' })).toMatchObject({ name: 'Ada', bio: 'Poetical\nscience' });
    expect(await update(ada, {})).toMatchObject({ name: 'Ada', bio: 'Poetical\nscience' });
    expect(await update(ada, { bio: null })).toMatchObject({ name: 'Ada', bio: null });
    expect(await update(ada, { bio: '  ' })).toMatchObject({ bio: null });
    expect(await update(ada, { bio: '😀'.repeat(500), name: '😀'.repeat(80) })).toMatchObject({
      bio: '😀'.repeat(500),
    });
  });

  test('an avatar is shown to each viewer by a grant of their own', async () => {
    const id = newId('med');
    expect((await update(ada, { avatar: await attachment({ id }) })).avatar?.nodeId).toBe(id);
    for (const viewer of [ada, bob, anonymous]) {
      const { user } = await users.ask<{ user: { avatar: { ref: string; nodeId: string } } }>(
        viewer,
        'query ($id: ID!) { user(id: $id) { avatar { ref nodeId } } }',
        { id: ada.userId },
      );
      expect(user.avatar.nodeId).toBe(id);
      expect(await verifyToken(testKeys.attachment, GRANT.typ, user.avatar.ref)).toMatchObject({
        id,
        viewer: viewer.userId,
      });
    }
    expect((await update(ada, { name: 'Ada' })).avatar?.nodeId).toBe(id);
    expect((await update(ada, { avatar: null })).avatar).toBeNull();
  });

  test.each<[string, () => Promise<string>]>([
    ['nonsense', async () => 'nonsense'],
    ['an empty one', async () => ''],
    ["somebody else's", () => attachment({ owner: bob.userId })],
    ['one under another key', () => attachment({}, 'k'.repeat(32))],
    ['a grant', () => attachment({ viewer: ada.userId }, testKeys.attachment, GRANT.typ)],
    ['one of another kind', () => attachment({ kind: 'video' })],
    ['an expired one', () => attachment({}, testKeys.attachment, ATTACHMENT.typ, -60)],
  ])('refuses as attachment token %s', async (_, token) => {
    const before = await profile();
    const input = { name: 'Not stored', avatar: await token() };
    expect(await users.refusal(ada, UPDATE, { input })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.avatar',
    });
    expect(await profile()).toEqual(before);
  });

  test.each([
    ['name', { name: '' }],
    ['name', { name: ' \n ' }],
    ['name', { name: null }],
    ['name', { name: 'n'.repeat(81) }],
    ['name', { name: 'nul\0' }],
    ['bio', { bio: 'b'.repeat(501) }],
    ['bio', { bio: 'half \ud83d' }],
  ])('refuses a bad %s: %j', async (field, bad) => {
    const before = await profile();
    expect(await users.refusal(ada, UPDATE, { input: { bio: 'Not stored', ...bad } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: `input.${field}`,
    });
    expect(await profile()).toEqual(before);
  });

  test('is not for an anonymous viewer, nor for an account that is gone', async () => {
    for (const viewer of [anonymous, importer, viewerOf(newId('usr'))]) {
      expect((await users.refusal(viewer, UPDATE, { input: { name: 'X' } })).code).toBe('UNAUTHENTICATED');
      expect((await users.refusal(viewer, UPDATE, { input: {} })).code).toBe('UNAUTHENTICATED');
    }
  });
});

describe('provisioning', () => {
  const PROVISION = /* GraphQL */ `
    mutation ($input: [ProvisionUserInput!]!) {
      provisionUsers(input: $input) {
        users {
          id
          handle
          name
          createdAt
        }
      }
    }
  `;
  interface Provisioned {
    provisionUsers: { users: { id: string; handle: string; name: string; createdAt: string }[] };
  }
  const provision = async (input: object[]) =>
    (await users.ask<Provisioned>(importer, PROVISION, { input })).provisionUsers.users;
  const named = (handle: string) => ({ handle, name: `Name of ${handle}` });

  test('makes who is missing and returns all in the order of the input', async () => {
    const createdAt = '2004-02-29T12:00:00.123Z';
    const input = [named('zoe'), { ...named('ada'), name: 'Another' }, { ...named('Amy'), createdAt }, named('zoe')];
    const first = await provision(input);
    expect(first.map(({ handle }) => handle)).toEqual(['zoe', 'ada', 'amy', 'zoe']);
    expect(first[1]?.id).toBe(ada.userId);
    expect(first[1]?.name).not.toBe('Another');
    expect(first[2]?.createdAt).toBe(createdAt);
    expect(first[3]).toEqual(first[0]);
    expect(await provision(input)).toEqual(first);
    expect(await users.db.credential.count({ where: { user: { handle: { in: ['zoe', 'amy'] } } } })).toBe(0);
  });

  test('takes two statements for a hundred people, and as many at once as come', async () => {
    const input = Array.from({ length: 100 }, (_, index) => named(`crowd_${index}`));
    const statements = await users.counter.during(() => provision(input));
    expect(statements).toHaveLength(2);
    const again = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const more = [...input.slice(20), ...Array.from({ length: 20 }, (__, n) => named(`more_${n}`))];
        return provision(index % 2 === 0 ? more : more.toReversed());
      }),
    );
    for (const result of again) expect(new Set(result.map(({ id }) => id)).size).toBe(100);
    expect(await users.db.user.count({ where: { handle: { startsWith: 'more_' } } })).toBe(20);
    expect(await provision([])).toEqual([]);
  });

  test('may give a reserved handle, for the house itself', async () => {
    expect(await provision([named('support')])).toMatchObject([{ handle: 'support' }]);
  });

  test.each([
    ['input', Array.from({ length: 101 }, (_, index) => named(`many_${index}`))],
    ['input.1.handle', [named('good'), named('not good')]],
    ['input.0.name', [{ handle: 'good', name: '' }]],
    ['input.0.createdAt', [{ ...named('good'), createdAt: '0000-01-01T00:00:00Z' }]],
    ['input.0.createdAt', [{ ...named('good'), createdAt: '9999-01-01T00:00:00Z' }]],
  ])('refuses a bad %s and makes nobody', async (field, input) => {
    const before = await users.db.user.count();
    expect(await users.refusal(importer, PROVISION, { input })).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(await users.db.user.count()).toBe(before);
  });

  test('is for service accounts alone', async () => {
    for (const viewer of [ada, anonymous]) {
      expect((await users.refusal(viewer, PROVISION, { input: [named('good')] })).code).toBe('FORBIDDEN');
    }
    expect(await users.db.user.count({ where: { handle: 'good' } })).toBe(0);
  });
});
