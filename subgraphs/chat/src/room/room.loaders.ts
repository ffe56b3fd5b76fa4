import { type Connection, cursorCodec, keyset, type PageArgs, readPage, toConnection } from '@chorus/kit/connections';
import { isId } from '@chorus/kit/ids';
import { batchOne } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { roomColumns, type RoomRow } from './room.model.ts';
import { visible } from './room.policy.ts';

/** The reads of rooms in one operation. */
export interface RoomLoaders {
  /** Null when there is no such room or the viewer is not a member. */
  byId(id: string): Promise<RoomRow | null>;
  /**
   * The viewer's rooms, the one with the latest activity first.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  mine(args: PageArgs): Promise<Connection<{ cursor: string; node: RoomRow }>>;
}

const cursors = cursorCodec('rooms', ['time', 'string']);

export function createRoomLoaders(db: SqlClient, viewer: Viewer): RoomLoaders {
  const rooms = batchOne({
    name: 'room',
    load: (ids) =>
      db.$queryRaw<RoomRow[]>(sql`
        select ${roomColumns} from room where room.id = any(${ids}::text[]) and ${visible(viewer)}`),
    keyOf: (row) => row.id,
  });
  return {
    byId: async (id) => (isId('rom', id) ? rooms.load(id) : null),
    async mine(args) {
      const page = readPage(args, cursors);
      const order = keyset({ columns: ['room.last_activity_at', 'room.id'], order: 'desc' }, page);
      const rows = await db.$queryRaw<RoomRow[]>(sql`
        select ${roomColumns} from room where ${visible(viewer)} ${order.where} ${order.orderBy} ${order.limit}`);
      for (const row of rows) rooms.prime(row.id, row);
      return toConnection(rows, page, (node) => ({
        cursor: cursors.encode([node.lastActivityAt, node.id]),
        node,
      }));
    },
  };
}
