import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cursorCodec, keyset, type PageArgs, readPage, toConnection } from '../src/connections.ts';
import { empty, sql } from '../src/sql.ts';
import { createTestDatabase } from '../src/testing/index.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

const cursors = cursorCodec('things', ['time', 'string']);
const time = new Date('2026-01-31T12:00:00.123Z');
const forge = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  test('gives its position back', () => {
    expect(cursors.decode(cursors.encode([time, 'thg_1']))).toEqual([time, 'thg_1']);
    const counted = cursorCodec('counted', ['int']);
    expect(counted.decode(counted.encode([2 ** 31 - 1]))).toEqual([2 ** 31 - 1]);
    expect(() => counted.decode(counted.encode([2 ** 31]))).toThrow('not one of this list');
  });

  test.each([
    ['of another list', cursorCodec('others', ['time', 'string']).encode([time, 'thg_1'])],
    ['of fewer columns', forge(['things', 1])],
    ['of more columns', forge(['things', 1, 'a', 'b'])],
    ['with a time that is no number', forge(['things', 'now', 'a'])],
    ['with a time that is no time', forge(['things', 8.65e15, 'a'])],
    ['with a time that Postgres cannot read', forge(['things', -8.64e15, 'a'])],
    ['with a string that Postgres cannot hold', forge(['things', 1, 'a\0'])],
    ['with a string that is too long', forge(['things', 1, 'a'.repeat(201)])],
    ['that is no list', forge({ things: 1 })],
    ['that is no JSON', 'nonsense'],
    ['that is empty', ''],
  ])('%s is refused', (_, cursor) => {
    expect(() => cursors.decode(cursor)).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'CURSOR_INVALID' }) }),
    );
  });
});

describe('the arguments of a page', () => {
  test('have a default and a limit', () => {
    expect(readPage({}, cursors)).toEqual({ limit: 20, backward: false, after: null, before: null });
    expect(readPage({ last: 100, before: null }, cursors)).toMatchObject({ limit: 100, backward: true });
    expect(readPage({ first: 0 }, cursors)).toMatchObject({ limit: 0 });
  });

  test.each([
    [{ first: 101 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ last: 101 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
  ])('%j is refused', (args, field) => {
    expect(() => readPage(args, cursors)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field } }),
    );
  });
});

describe('pages of a table', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let db: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('posts');
    db = openTestDatabase(database.url);
    await db.$executeRaw(sql`create table thing (id text primary key, made timestamptz(3) not null)`);
    // Many of the same time, so that the id has to decide.
    await db.$executeRaw(sql`
      insert into thing select 'thg_' || lpad(n::text, 3, '0'), to_timestamp(1700000000 + n * 7 % 5) from generate_series(1, 53) as n`);
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const read = async (order: 'asc' | 'desc', args: PageArgs) => {
    const page = readPage(args, cursors);
    const { where, orderBy, limit } = keyset({ columns: ['made', 'id'], order }, page);
    const rows = await db.$queryRaw<{ id: string; made: Date }[]>(
      sql`select id, made from thing where true ${where} ${orderBy} ${limit}`,
    );
    return toConnection(rows, page, (row) => ({ cursor: cursors.encode([row.made, row.id]), id: row.id }));
  };
  const all = async (order: 'asc' | 'desc') => (await read(order, { first: 100 })).edges.map(({ id }) => id);

  test.each(['asc', 'desc'] as const)(
    '%s: forward and backward they are the whole list, in its order',
    async (order) => {
      const whole = await all(order);
      expect(whole).toHaveLength(53);
      for (const size of [1, 7, 53]) {
        const forward: string[] = [];
        for (let after: string | null = null, more = true; more;) {
          const page = await read(order, { first: size, after });
          expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
          forward.push(...page.edges.map(({ id }) => id));
          ({ endCursor: after, hasNextPage: more } = page.pageInfo);
        }
        expect(forward).toEqual(whole);
        const backward: string[] = [];
        for (let before: string | null = null, more = true; more;) {
          const page = await read(order, { last: size, before });
          expect(page.pageInfo.hasNextPage).toBe(before !== null);
          backward.unshift(...page.edges.map(({ id }) => id));
          ({ startCursor: before, hasPreviousPage: more } = page.pageInfo);
        }
        expect(backward).toEqual(whole);
      }
    },
  );

  test('lie between two cursors when both are given', async () => {
    const { edges } = await read('asc', { first: 100 });
    const between = await read('asc', { first: 100, after: edges[3]?.cursor, before: edges[9]?.cursor });
    expect(between.edges).toEqual(edges.slice(4, 9));
  });

  test('of no items say whether there are any', async () => {
    expect(await read('asc', { first: 0 })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('without cursors have no condition', () => {
    expect(keyset({ columns: ['id'], order: 'asc' }, readPage({}, cursors)).where.text).toBe(empty.text);
  });
});
