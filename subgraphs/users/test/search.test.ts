import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, importer, startFixture } from './fixture.ts';

let users: Fixture;
const idOf = new Map<string, string>();
const people: [string, string][] = [
  ['ada', 'Ada Lovelace'],
  ['ada_b', 'Adam Bakery'],
  ['adaline', 'Line'],
  ['countess', 'Augusta Ada King'],
  ['lovelace.fan', 'Fan of hers'],
  ['zoe', 'Zoë Müller'],
  ['liming', '李明'],
  ['percent', '100 % of_it'],
  ['other', 'Nobody Else'],
];

beforeAll(async () => {
  users = await startFixture();
  const { provisionUsers } = await users.ask<{ provisionUsers: { users: { id: string; handle: string }[] } }>(
    importer,
    'mutation ($input: [ProvisionUserInput!]!) { provisionUsers(input: $input) { users { id handle } } }',
    { input: people.map(([handle, name]) => ({ handle, name })) },
  );
  for (const { id, handle } of provisionUsers.users) idOf.set(handle, id);
});
afterAll(() => users.stop());

const SEARCH = /* GraphQL */ `
  query ($query: String!, $first: Int, $after: String, $last: Int, $before: String) {
    searchUsers(query: $query, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          handle
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;
interface Found {
  searchUsers: {
    edges: { node: { handle: string } | null }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  };
}
const search = async (query: string, page: object = {}, viewer: Viewer = anonymous) =>
  (await users.ask<Found>(viewer, SEARCH, { query, ...page })).searchUsers;
const handles = ({ edges }: Found['searchUsers']) => edges.map(({ node }) => node?.handle);
const viewerNamed = (handle: string): Viewer => ({
  ...anonymous,
  userId: idOf.get(handle) ?? '',
  address: '127.0.0.1',
});

test.each([
  ['ada', ['ada', 'ada_b', 'adaline', 'countess']],
  ['@ADA', ['ada', 'ada_b', 'adaline', 'countess']],
  ['ada_', ['ada_b', 'ada', 'countess']],
  ['lovelace', ['lovelace.fan', 'ada']],
  ['Lovelase', ['ada']],
  ['ada lovelace', ['ada']],
  ['müller', ['zoe']],
  ['MÜL zoë', ['zoe']],
  ['mülller', []],
  ['李', ['liming']],
  ['李明', ['liming']],
  ['明', []],
  ["李明' & !'x", []],
  ['z', ['zoe']],
  ['nobody els', ['other']],
  ['%', []],
  ['_', []],
  ["';--", []],
  ['\\', []],
  ['😀', []],
])('%j finds %j', async (query, found) => {
  expect(handles(await search(query))).toEqual(found);
});

test('comes in pages from either end, across handles and names', async () => {
  const all = handles(await search('ada'));
  const forward: (string | undefined)[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page: Found['searchUsers'] = await search('ada', { first: 1, after });
    forward.push(...handles(page));
    after = page.pageInfo.endCursor;
    more = page.pageInfo.hasNextPage;
  }
  expect(forward).toEqual(all);
  const backward: (string | undefined)[] = [];
  for (let before: string | null = null, more = true; more;) {
    const page: Found['searchUsers'] = await search('ada', { last: 1, before });
    backward.unshift(...handles(page));
    before = page.pageInfo.startCursor;
    more = page.pageInfo.hasPreviousPage;
  }
  expect(backward).toEqual(all);
});

test('finds nobody across a block, and the page is full all the same', async () => {
  const [ada, countess, fan] = [viewerNamed('ada'), viewerNamed('countess'), viewerNamed('lovelace.fan')];
  await users.relate(fan, 'block', idOf.get('ada') ?? '');
  await users.relate(fan, 'block', idOf.get('countess') ?? '');
  expect(handles(await search('ada', { first: 2 }, fan))).toEqual(['ada_b', 'adaline']);
  expect(handles(await search('ada', {}, fan))).toEqual(['ada_b', 'adaline']);
  for (const blocked of [ada, countess]) expect(handles(await search('lovelace', {}, blocked))).toEqual(['ada']);
  for (const person of ['ada', 'countess']) await users.relate(fan, 'unblock', idOf.get(person) ?? '');
  expect(handles(await search('ada', {}, fan))).toHaveLength(4);
});

test('refuses what is no search', async () => {
  const refusal = (query: string, page: object = {}) => users.refusal(anonymous, SEARCH, { query, ...page });
  for (const query of ['', '  ', 'x'.repeat(101), 'nul\0']) {
    expect(await refusal(query)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'query' });
  }
  expect(await refusal('ada', { first: 101 })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' });
  expect((await refusal('ada', { after: 'nonsense' })).code).toBe('CURSOR_INVALID');
});

test('takes one statement beside those for profiles, and indexes serve both ways', async () => {
  expect(await users.warm(() => search('ada'))).toHaveLength(1);
  const crowd = Array.from({ length: 2000 }, (_, n) => ({ id: `usr_${n}`, handle: `h${n}`, name: `Person ${n}` }));
  await users.db.user.createMany({ data: crowd });
  await users.db.$executeRawUnsafe('analyze users');
  const plan = (statement: string) =>
    users.db.$transaction(async (tx) => {
      // However few there are: whether the index can serve is asked, not whether it is worth it.
      await tx.$executeRawUnsafe('set local enable_seqscan = off');
      return JSON.stringify(await tx.$queryRawUnsafe(`explain (format json) ${statement}`));
    });
  expect(await plan("select id from users where handle >= 'ad' and handle < 'ad~' order by handle limit 20")).toContain(
    'users_handle_key',
  );
  expect(await plan("select id from users where name %> 'lovelace'")).toContain('users_name_idx');
  const words = "select id from users where to_tsvector('simple', name) @@ to_tsquery('simple', 'm:*')";
  expect(await plan(words)).toContain('users_name_words_idx');
});
