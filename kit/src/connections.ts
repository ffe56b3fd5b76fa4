import { badInput, fault } from './errors.ts';
import { empty, join, raw, sql, type Sql } from './sql.ts';

/** The four arguments of every connection. */
export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** A keyset position: the values of the columns that order the list, the last of them unique. */
export type Position = readonly (string | number | Date)[];

/** A page, checked: at most `limit` rows between the two positions, counted from the start or, `backward`, the end. */
export interface Page {
  limit: number;
  backward: boolean;
  after: Position | null;
  before: Position | null;
}

export const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;
/** The largest integer column of Postgres. */
const LAST_INT = 2 ** 31 - 1;

/** The years 1 to 9999: Postgres cannot read what JavaScript writes for others. */
const FIRST_TIME = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_TIME = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The opaque cursors of one list. `list` names it, so that a cursor of another is refused; `columns` are the types of
 * the position's values.
 */
export interface CursorCodec {
  encode(position: Position): string;
  /** @throws GraphQLError CURSOR_INVALID */
  decode(cursor: string): Position;
}

export function cursorCodec(list: string, columns: readonly ('string' | 'int' | 'time')[]): CursorCodec {
  const invalid = () => fault('CURSOR_INVALID', 'This cursor is not one of this list. Start again without it.');
  return {
    encode: (position) =>
      Buffer.from(
        JSON.stringify([list, ...position.map((value) => (value instanceof Date ? value.getTime() : value))]),
      ).toString('base64url'),
    decode(cursor) {
      let parts: unknown;
      try {
        parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
      } catch (error) {
        if (error instanceof SyntaxError) throw invalid();
        throw error;
      }
      if (!Array.isArray(parts) || parts[0] !== list || parts.length !== columns.length + 1) throw invalid();
      return columns.map((type, index) => {
        const value: unknown = parts[index + 1];
        if (type === 'string') {
          // Postgres text holds no NUL.
          if (typeof value === 'string' && value.length <= 200 && !value.includes('\0')) return value;
        } else if (typeof value === 'number' && Number.isSafeInteger(value)) {
          if (type === 'int' && Math.abs(value) <= LAST_INT) return value;
          if (type === 'time' && value >= FIRST_TIME && value <= LAST_TIME) return new Date(value);
        }
        throw invalid();
      });
    },
  };
}

/**
 * Checks the arguments of a connection.
 * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
 */
export function readPage(args: PageArgs, cursors: CursorCodec): Page {
  const { first, last } = args;
  if (first != null && last != null) throw badInput('last', 'Give first or last, not both.');
  const backward = last != null;
  const size = (backward ? last : first) ?? DEFAULT_PAGE;
  if (size < 0 || size > MAX_PAGE) {
    throw badInput(backward ? 'last' : 'first', `A page has between 0 and ${MAX_PAGE} items.`);
  }
  return {
    limit: size,
    backward,
    after: args.after == null ? null : cursors.decode(args.after),
    before: args.before == null ? null : cursors.decode(args.before),
  };
}

/** How a list is ordered in SQL: columns (already quoted or safe, never from a client), all in one direction. */
export interface Keyset {
  columns: readonly string[];
  order: 'asc' | 'desc';
}

/**
 * The page as SQL: `where` (starting with `and`, or empty), `orderBy` (with its keyword) and `limit` (one row more than
 * asked, to know whether there are more). Rows of a backward page come in reverse; `toConnection` turns them round.
 */
export function keyset({ columns, order }: Keyset, page: Page): { where: Sql; orderBy: Sql; limit: Sql } {
  const tuple = sql`(${raw(columns.join(', '))})`;
  const beyond = order === 'asc' ? raw('>') : raw('<');
  const short = order === 'asc' ? raw('<') : raw('>');
  const bound = (position: Position | null, operator: Sql) =>
    position === null ? empty : sql` and ${tuple} ${operator} (${join([...position])})`;
  const direction = (order === 'asc') === page.backward ? 'desc' : 'asc';
  return {
    where: sql`${bound(page.after, beyond)}${bound(page.before, short)}`,
    orderBy: sql`order by ${raw(columns.map((column) => `${column} ${direction}`).join(', '))}`,
    limit: sql`limit ${page.limit + 1}`,
  };
}

/** A Relay connection, as the schemas declare it; the edge carries whatever else `edge` returns. */
export interface Connection<Edge extends { cursor: string }> {
  edges: Edge[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/**
 * Shapes the rows that a `keyset` query returned.
 * @param rows in the order of the query, with the extra row that shows there are more
 * @param edge makes an edge of a row; its cursor is `cursors.encode` of the row's position
 */
export function toConnection<Row, Edge extends { cursor: string }>(
  rows: readonly Row[],
  page: Page,
  edge: (row: Row) => Edge,
): Connection<Edge> {
  const more = rows.length > page.limit;
  const kept = rows.slice(0, page.limit);
  const edges = (page.backward ? kept.toReversed() : kept).map(edge);
  return {
    edges,
    pageInfo: {
      // Beyond the end from which the page was not counted, Relay allows "there is more" when a cursor was given.
      hasNextPage: page.backward ? page.before !== null : more,
      hasPreviousPage: page.backward ? more : page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
