import { type Connection, cursorCodec, keyset, type Page, type PageArgs, readPage } from '@chorus/kit/connections';
import { toConnection } from '@chorus/kit/connections';
import { isId } from '@chorus/kit/ids';
import { batchOne, batchPages } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { visible } from '../room/room.policy.ts';
import { messageColumns, type MessageRow } from './message.model.ts';

type MessageConnection = Connection<{ cursor: string; node: MessageRow }>;

/** The reads of messages in one operation. */
export interface MessageLoaders {
  /** Null when there is no such message or the viewer is not a member of its room. */
  byId(id: string): Promise<MessageRow | null>;
  /**
   * A room's messages, oldest first. The room has been read, so the viewer may.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  ofRoom(roomId: string, args: PageArgs): Promise<MessageConnection>;
}

const cursors = cursorCodec('messages', ['int']);

export function createMessageLoaders(db: SqlClient, viewer: Viewer): MessageLoaders {
  const messages = batchOne({
    name: 'message',
    load: (ids) =>
      db.$queryRaw<MessageRow[]>(sql`
        select ${messageColumns} from message join room on room.id = message.room_id
        where message.id = any(${ids}::text[]) and ${visible(viewer)}`),
    keyOf: (row) => row.id,
  });
  const pages = batchPages({
    name: 'messages of a room',
    load: async (roomIds: readonly string[], page: Page): Promise<MessageConnection[]> => {
      const order = keyset({ columns: ['seq'], order: 'asc' }, page);
      const rows = await db.$queryRaw<MessageRow[]>(sql`
        select found.* from unnest(${roomIds}::text[]) as wanted (room_id) cross join lateral (
          select ${messageColumns} from message
          where message.room_id = wanted.room_id ${order.where} ${order.orderBy} ${order.limit}
        ) as found ${order.orderBy}`);
      const byRoom = Map.groupBy(rows, (row) => row.roomId);
      return roomIds.map((id) =>
        toConnection(byRoom.get(id) ?? [], page, (node) => ({ cursor: cursors.encode([node.seq]), node })),
      );
    },
  });
  return {
    byId: async (id) => (isId('msg', id) ? messages.load(id) : null),
    ofRoom: async (roomId, args) => pages(roomId, readPage(args, cursors)),
  };
}
