import {
  type Connection,
  cursorCodec,
  keyset,
  MAX_PAGE,
  type Page,
  type PageArgs,
  readPage,
} from '@chorus/kit/connections';
import { toConnection } from '@chorus/kit/connections';
import { badInput } from '@chorus/kit/errors';
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
   * A room's messages around a place, oldest first; null when that is no message of the room. The room has been read.
   * @throws GraphQLError BAD_USER_INPUT
   */
  around(roomId: string, args: AroundArgs): Promise<MessageConnection | null>;
  /**
   * An edited message's versions, the original first. The message has been read, so the viewer may.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  edits(messageId: string, args: PageArgs): Promise<EditConnection>;
}

/** A place among messages, and how many around it. */
interface AroundArgs {
  messageId?: string | null;
  seq?: number | null;
  count?: number | null;
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
  const around = batchPages({
    name: 'messages around a place',
    load: async (roomIds: readonly string[], place: Place): Promise<(MessageConnection | null)[]> => {
      const rows = await db.$queryRaw<(MessageRow & { place: number })[]>(sql`
        select found.*, wanted.seq as place from (
          select room.id, coalesce(${place.seq}::int, message.seq) as seq
          from unnest(${roomIds}::text[]) as room (id)
          left join message on message.id = ${place.messageId} and message.room_id = room.id
        ) as wanted cross join lateral (
          (select ${messageColumns} from message where message.room_id = wanted.id and message.seq <= wanted.seq
            order by message.seq desc limit ${place.before + 1})
          union all
          (select ${messageColumns} from message where message.room_id = wanted.id and message.seq > wanted.seq
            order by message.seq limit ${place.after + 1})
        ) as found order by found.seq`);
      const byRoom = Map.groupBy(rows, (row) => row.roomId);
      return roomIds.map((id) => {
        const found = byRoom.get(id) ?? [];
        if (found.length === 0 && place.messageId !== null) return null;
        const upTo = found.filter((row) => row.seq <= row.place).length;
        const [skipped, kept] = [Math.max(0, upTo - place.before), upTo + place.after];
        const edges = found.slice(skipped, kept).map((node) => ({ cursor: cursors.encode([node.seq]), node }));
        return {
          edges,
          pageInfo: {
            hasPreviousPage: skipped > 0,
            hasNextPage: found.length > kept,
            startCursor: edges[0]?.cursor ?? null,
            endCursor: edges.at(-1)?.cursor ?? null,
          },
        };
      });
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
    async around(roomId, args) {
      const place = readPlace(args);
      return place.messageId !== null && !isId('msg', place.messageId) ? null : around(roomId, place);
    },
    edits: async (messageId, args) => edits(messageId, readPage(args, editCursors)),
  };
}

/** A place, checked: so many messages up to it and so many after it. */
interface Place {
  messageId: string | null;
  seq: number | null;
  before: number;
  after: number;
}

function readPlace({ messageId, seq, count }: AroundArgs): Place {
  if ((messageId == null) === (seq == null)) throw badInput('messageId', 'Give either messageId or seq.');
  const size = count ?? MAX_PAGE / 2;
  if (size < 1 || size > MAX_PAGE) throw badInput('count', `A page has between 1 and ${MAX_PAGE} messages.`);
  return { messageId: messageId ?? null, seq: seq ?? null, before: Math.ceil(size / 2), after: Math.floor(size / 2) };
}
