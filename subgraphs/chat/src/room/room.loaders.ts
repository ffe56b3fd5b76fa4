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
import { batchOne } from '@chorus/kit/loaders';
import { type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PublicRoomOrder } from '../__generated__/resolvers.ts';
import { roomColumns, type RoomRow, roomTable } from './room.model.ts';
import { attended, requested, visible } from './room.policy.ts';

type RoomConnection = Connection<{ cursor: string; node: RoomRow }>;

/** The reads of rooms in one operation. Pages throw GraphQLError BAD_USER_INPUT, CURSOR_INVALID. */
export interface RoomLoaders {
  /** Null when there is no such room or the viewer may not see it. */
  byId(id: string): Promise<RoomRow | null>;
  /** The room of a post. Null when it has none yet, or the viewer may not see it. */
  ofPost(postId: string): Promise<RoomRow | null>;
  /** The viewer's rooms, the one with the latest activity first. */
  mine(args: PageArgs): Promise<RoomConnection>;
  /** Requests to the viewer, likewise. */
  requests(args: PageArgs): Promise<RoomConnection>;
  /** Public rooms, by activity likewise, or by name. */
  public(order: PublicRoomOrder, args: PageArgs): Promise<RoomConnection>;
}

const cursors = cursorCodec('rooms', ['time', 'string']);
const requestCursors = cursorCodec('messageRequests', ['time', 'string']);
const activeCursors = cursorCodec('publicRooms by activity', ['time', 'string']);
const namedCursors = cursorCodec('publicRooms by name', ['string', 'string']);

/** A page of the public rooms that the viewer may see, by activity: in the order of an index, as far as the page goes. */
export function activeRooms(viewer: Viewer, page: Page): Sql {
  const order = keyset({ columns: ['public_room.active_at', 'public_room.room_id'], order: 'desc' }, page);
  return sql`select ${roomColumns(viewer)} from public_room join ${roomTable} on room.id = public_room.room_id
    where ${visible(viewer)} ${order.where} ${order.orderBy} ${order.limit}`;
}

export function createRoomLoaders(db: SqlClient, viewer: Viewer): RoomLoaders {
  const rooms = batchOne({
    name: 'room',
    load: (ids) =>
      db.$queryRaw<RoomRow[]>(sql`
        select ${roomColumns(viewer)} from ${roomTable} where room.id = any(${ids}::text[]) and ${visible(viewer)}`),
    keyOf: (row) => row.id,
  });
  const ofPosts = batchOne({
    name: 'room of a post',
    load: (ids) =>
      db.$queryRaw<(RoomRow & { postId: string })[]>(sql`
        select ${roomColumns(viewer)} from ${roomTable}
        where room.post_id = any(${ids}::text[]) and ${visible(viewer)}`),
    keyOf: (row) => row.postId,
  });

  const connect = async (statement: Sql, page: Page, cursorOf: (row: RoomRow) => string): Promise<RoomConnection> => {
    const rows = await db.$queryRaw<RoomRow[]>(statement);
    for (const row of rows) rooms.prime(row.id, row);
    return toConnection(rows, page, (node) => ({ cursor: cursorOf(node), node }));
  };
  const pageOf = async (
    which: Sql,
    page: Page,
    by: { columns: string[]; order: 'asc' | 'desc'; cursorOf: (row: RoomRow) => string },
  ): Promise<RoomConnection> => {
    const order = keyset(by, page);
    const statement = sql`
      select ${roomColumns(viewer)} from ${roomTable} where ${which} ${order.where} ${order.orderBy} ${order.limit}`;
    return connect(statement, page, by.cursorOf);
  };
  const byActivity = (which: Sql, args: PageArgs, codec = cursors) =>
    pageOf(which, readPage(args, codec), {
      columns: ['room.last_activity_at', 'room.id'],
      order: 'desc',
      cursorOf: (row) => codec.encode([row.lastActivityAt, row.id]),
    });

  return {
    byId: async (id) => (isId('rom', id) ? rooms.load(id) : null),
    ofPost: async (postId) => (isId('pst', postId) ? ofPosts.load(postId) : null),
    // A direct room that somebody opened and wrote nothing in is nobody else's business yet.
    mine: async (args) =>
      byActivity(
        sql`${attended(viewer)} and (room.kind <> 'DIRECT' or room.last_message_id is not null
          or room.created_by = ${viewer.userId})`,
        args,
      ),
    requests: async (args) => byActivity(requested(viewer), args, requestCursors),
    async public(order, args) {
      if (order === 'ACTIVITY') {
        const page = readPage(args, activeCursors);
        return connect(activeRooms(viewer, page), page, (row) => activeCursors.encode([row.lastActivityAt, row.id]));
      }
      return pageOf(sql`room.kind = 'PUBLIC' and ${visible(viewer)}`, readPage(args, namedCursors), {
        columns: ['room.name', 'room.id'],
        order: 'asc',
        cursorOf: (row) => namedCursors.encode([row.name ?? '', row.id]),
      });
    },
  };
}
