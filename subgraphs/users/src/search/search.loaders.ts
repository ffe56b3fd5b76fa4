import { cursorCodec, keyset, type Page, type PageArgs, readPage, toConnection } from '@chorus/kit/connections';
import { type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import { visible } from '../user/user.policy.ts';
import type { UserSearchConnectionModel } from './search.model.ts';

/** A position is how far a person is from what was typed, and the handle. */
const cursors = cursorCodec('searchUsers', ['int', 'string']);
const columns = ['distance', 'handle'];

interface FoundRow {
  userId: string;
  distance: number;
  handle: string;
}

export interface SearchLoaders {
  /** @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID */
  users(query: string, args: PageArgs): Promise<UserSearchConnectionModel>;
}

/** @param viewerId who looks, and so finds nobody whom a block hides; null for nobody signed in */
export function createSearchLoaders(db: SqlClient, viewerId: string | null): SearchLoaders {
  return {
    async users(query, args) {
      const text = readText('query', query, { min: 1, max: 100 });
      const page = readPage(args, cursors);
      const prefix = readPrefix(text);
      const { orderBy, limit } = keyset({ columns, order: 'asc' }, page);
      const rows = await db.$queryRaw<FoundRow[]>(sql`
        select distance, handle, id as "userId"
        from ((${byHandle(prefix, viewerId, page)}) union all (${byName(text, prefix, viewerId, page)})) as found
        ${orderBy} ${limit}`);
      return toConnection(rows, page, ({ userId, distance, handle }) => ({
        cursor: cursors.encode([distance, handle]),
        userId,
      }));
    },
  };
}

const nobody = sql`select 0 as distance, handle, id from users where false`;

/** What was typed, when a handle can begin with it. */
function readPrefix(text: string): string | null {
  const prefix = text.replace(/^@/, '').toLowerCase();
  return /^[a-z0-9_.]{1,30}$/.test(prefix) ? prefix : null;
}

/** `~` sorts after all that a handle may have. */
const beginsWith = (prefix: string): Sql => sql`users.handle >= ${prefix} and users.handle < ${`${prefix}~`}`;

/** People by the beginning of their handle, at distance 0, off the index of handles: no more rows than the page has. */
function byHandle(prefix: string | null, viewerId: string | null, page: Page): Sql {
  // Where a position is among those of the name, all of these come before it.
  if (prefix === null || (page.after !== null && page.after[0] !== 0)) return nobody;
  const among = (position: Page['after']) => (position?.[0] === 0 ? position.slice(1) : null);
  const { where, orderBy, limit } = keyset(
    { columns: ['users.handle'], order: 'asc' },
    { ...page, after: among(page.after), before: among(page.before) },
  );
  return sql`
    select 0 as distance, users.handle, users.id from users
    where ${beginsWith(prefix)}${visible(viewerId, 'users.id')}${where} ${orderBy} ${limit}`;
}

/** Others, by a part of their name that is like what was typed: at distance 1 for the same, 401 for the least like. */
function byName(text: string, prefix: string | null, viewerId: string | null, page: Page): Sql {
  const likeness = likenessOf(text);
  if (likeness === null) return nobody;
  const { where, orderBy, limit } = keyset({ columns, order: 'asc' }, page);
  const others = prefix === null ? sql`true` : sql`not (${beginsWith(prefix)})`;
  return sql`
    select distance, handle, id from (
      select ${likeness.distance} as distance, users.handle, users.id
      from users where ${likeness.condition} and ${others}${visible(viewerId, 'users.id')}
    ) as alike where true${where} ${orderBy} ${limit}`;
}

/** By trigrams; beyond ASCII, where those depend on the locale of the database, by the beginnings of words, all alike. */
function likenessOf(text: string): { condition: Sql; distance: Sql } | null {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.some((word) => /\P{ASCII}/u.test(word))) {
    const beginnings = words.map((word) => `'${word}':*`).join(' & ');
    return {
      condition: sql`to_tsvector('simple', users.name) @@ to_tsquery('simple', ${beginnings})`,
      distance: sql`1`,
    };
  }
  // One letter is like too much, and without any the index is of no use.
  if (words.join('').length < 2) return null;
  return {
    condition: sql`users.name %> ${text}`,
    distance: sql`1 + round((1 - word_similarity(${text}, users.name)) * 1000)::int`,
  };
}
