import { type Connection, cursorCodec, keyset, type Page, type PageArgs, readPage } from '@chorus/kit/connections';
import { toConnection } from '@chorus/kit/connections';
import { isId } from '@chorus/kit/ids';
import { batchOne, batchPages } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { visible } from '../room/room.policy.ts';
import { type MessageEditRow, messageColumns, type MessageRow } from './message.model.ts';

type MessageConnection = Connection<{ cursor: string; node: MessageRow }>;
type EditConnection = Connection<{ cursor: string; node: MessageEditRow }>;

/** The reads of messages in one operation. */
export interface MessageLoaders {
  /** Null when there is no such message or the viewer is not a member of its room. */
  byId(id: string): Promise<MessageRow | null>;
  /**
   * A room's messages, oldest first. The room has been read, so the viewer may.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  ofRoom(roomId: string, args: PageArgs): Promise<MessageConnection>;
  /**
   * An edited message's versions, the original first. The message has been read, so the viewer may.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  edits(messageId: string, args: PageArgs): Promise<EditConnection>;
}

const cursors = cursorCodec('messages', ['int']);
const editCursors = cursorCodec('edits', ['int']);

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
  const edits = batchPages({
    name: 'edits of a message',
    load: async (messageIds: readonly string[], page: Page): Promise<EditConnection[]> => {
      const order = keyset({ columns: ['seq'], order: 'asc' }, page);
      const rows = await db.$queryRaw<MessageEditRow[]>(sql`
        select found.message_id as "messageId", found.seq, found.text, found.written_at as "writtenAt"
        from unnest(${messageIds}::text[]) as wanted (message_id) cross join lateral (
          select * from message_version
          where message_version.message_id = wanted.message_id ${order.where} ${order.orderBy} ${order.limit}
        ) as found ${order.orderBy}`);
      const byMessage = Map.groupBy(rows, (row) => row.messageId);
      return messageIds.map((id) =>
        toConnection(byMessage.get(id) ?? [], page, (node) => ({ cursor: editCursors.encode([node.seq]), node })),
      );
    },
  });
  return {
    byId: async (id) => (isId('msg', id) ? messages.load(id) : null),
    ofRoom: async (roomId, args) => pages(roomId, readPage(args, cursors)),
    edits: async (messageId, args) => edits(messageId, readPage(args, editCursors)),
  };
}
