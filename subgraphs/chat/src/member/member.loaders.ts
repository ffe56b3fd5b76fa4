import { type Connection, cursorCodec, keyset, type Page, type PageArgs, readPage } from '@chorus/kit/connections';
import { toConnection } from '@chorus/kit/connections';
import { batchPages } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { BanEdgeModel, BanRow, MemberEdgeModel, MemberRow } from './member.model.ts';

type MemberConnection = Connection<MemberEdgeModel>;
type BanConnection = Connection<BanEdgeModel>;

/** The reads of memberships in one operation. */
export interface MemberLoaders {
  /**
   * A room's members in the order in which they joined. The room has been read, so the viewer may.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  ofRoom(roomId: string, args: PageArgs): Promise<MemberConnection>;
  /**
   * Who is banned from a room, latest first. The viewer has been found to be its owner or an admin.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  bans(roomId: string, args: PageArgs): Promise<BanConnection>;
}

const cursors = cursorCodec('members', ['int']);
const banCursors = cursorCodec('bans', ['time', 'string']);

export function createMemberLoaders(db: SqlClient): MemberLoaders {
  const pages = batchPages({
    name: 'members of a room',
    load: async (roomIds: readonly string[], page: Page): Promise<MemberConnection[]> => {
      const order = keyset({ columns: ['joined_seq'], order: 'asc' }, page);
      const rows = await db.$queryRaw<MemberRow[]>(sql`
        select found.room_id as "roomId", found.user_id as "userId", found.role, found.joined_seq as "joinedSeq",
          found.joined_at as "joinedAt"
        from unnest(${roomIds}::text[]) as wanted (room_id) cross join lateral (
          select * from room_member
          where room_member.room_id = wanted.room_id ${order.where} ${order.orderBy} ${order.limit}
        ) as found ${order.orderBy}`);
      const byRoom = Map.groupBy(rows, (row) => row.roomId);
      return roomIds.map((id) =>
        toConnection(byRoom.get(id) ?? [], page, (row) => ({ cursor: cursors.encode([row.joinedSeq]), ...row })),
      );
    },
  });
  const bans = batchPages({
    name: 'bans of a room',
    load: async (roomIds: readonly string[], page: Page): Promise<BanConnection[]> => {
      const order = keyset({ columns: ['created_at', 'user_id'], order: 'desc' }, page);
      const rows = await db.$queryRaw<BanRow[]>(sql`
        select found.room_id as "roomId", found.user_id as "userId", found.by_user_id as "byUserId",
          found.created_at as "bannedAt"
        from unnest(${roomIds}::text[]) as wanted (room_id) cross join lateral (
          select * from room_ban
          where room_ban.room_id = wanted.room_id ${order.where} ${order.orderBy} ${order.limit}
        ) as found ${order.orderBy}`);
      const byRoom = Map.groupBy(rows, (row) => row.roomId);
      return roomIds.map((id) =>
        toConnection(byRoom.get(id) ?? [], page, (row) => ({
          cursor: banCursors.encode([row.bannedAt, row.userId]),
          ...row,
        })),
      );
    },
  });
  return {
    bans: async (roomId, args) => bans(roomId, readPage(args, banCursors)),
    ofRoom: async (roomId, args) => pages(roomId, readPage(args, cursors)),
  };
}
