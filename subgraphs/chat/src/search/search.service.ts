import {
  type Connection,
  cursorCodec,
  keyset,
  type Page,
  type PageArgs,
  readPage,
  toConnection,
} from '@chorus/kit/connections';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import type { Viewer } from '@chorus/kit/viewer';
import { messageColumns, type MessageRow } from '../message/message.model.ts';
import { visible } from '../room/room.policy.ts';

interface SearchArgs extends PageArgs {
  query: string;
  roomId?: string | null;
}

export interface SearchService {
  /**
   * Messages with these words, the newest first: of one room that the viewer may see, or of all in which they are.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID, RATE_LIMITED
   */
  messages(caller: Caller, args: SearchArgs): Promise<Connection<{ cursor: string; node: MessageRow }>>;
}

const cursors = cursorCodec('searchMessages', ['string']);
const toEdge = (node: MessageRow) => ({ cursor: cursors.encode([node.id]), node });

/**
 * The page as a statement. What is found comes first, by the index of rooms and words together, so that what is said in other
 * rooms costs nothing here; left to order by id at once, Postgres would walk through all messages for a common word.
 * Ids sort by the time of their making, and are one order for all rooms.
 */
export function searchStatement(
  viewer: Viewer,
  { query, roomId }: { query: string; roomId: string | null },
  page: Page,
): Sql {
  const order = keyset({ columns: ['message.id'], order: 'desc' }, page);
  const words = sql`websearch_to_tsquery('simple', ${query})`;
  const rooms =
    roomId === null
      ? sql`any(array(select room_id from room_member where user_id = ${viewer.userId}))`
      : sql`${roomId}`;
  return sql`
    with found as materialized (
      select id from message
      where to_tsvector('simple', text) @@ ${words} and room_id = ${rooms} and deleted_at is null
        -- Without a word that has to be there, the index would be read from end to end.
        and querytree(${words}) <> 'T'
    )
    select ${messageColumns} from found join message on message.id = found.id join room on room.id = message.room_id
    where ${visible(viewer)} ${order.where} ${order.orderBy} ${order.limit}`;
}

export function createSearchService(options: { db: SqlClient; limits: Limits<'searchMessages'> }): SearchService {
  const { db, limits } = options;
  return {
    async messages(caller, { query, roomId, ...args }) {
      const text = readText('query', query, { min: 1, max: 200 });
      const page = readPage(args, cursors);
      await limits.take(caller, 'searchMessages');
      if (roomId != null && !isId('rom', roomId)) return toConnection([], page, toEdge);
      const where = { query: text, roomId: roomId ?? null };
      const rows = await db.$queryRaw<MessageRow[]>(searchStatement(caller.viewer, where, page));
      return toConnection(rows, page, toEdge);
    },
  };
}
