import { accountHandlers } from '@chorus/kit/accounts';
import { type Handlers } from '@chorus/kit/events';
import { type LiveBus, READERS_CHANGED } from '@chorus/kit/live';
import { raw, type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import { graphHandlers } from '../graph/graph.consumer.ts';
import { roomChannel } from '../live/room-log.ts';
import { readablePost } from './post.policy.ts';

interface Head {
  roomId: string;
  seq: number;
}

/**
 * Ends the memberships of rooms about posts that their members may not see any more. Locks are taken in the order member,
 * room, as everywhere.
 * @param which of the rows of `post` and of `room_member m` may be concerned
 */
async function endMemberships(tx: SqlClient, which: Sql): Promise<Head[]> {
  return tx.$queryRaw<Head[]>(sql`
    with lost as materialized (
      select m.room_id, m.user_id
      from post join room on room.post_id = post.id join room_member m on m.room_id = room.id
      where ${which} and not ${readablePost(raw('m.user_id'))}
      order by m.room_id, m.user_id for update of m
    ), numbered as (
      select room_id, user_id, row_number() over (partition by room_id order by user_id)::int as nth,
        count(*) over (partition by room_id)::int as n
      from lost
    ), place as (
      update room set last_seq = last_seq + n, member_count = member_count - n
      from (select distinct room_id, n from numbered) as counted where room.id = counted.room_id
      returning room.id, last_seq - n as before, last_seq
    ), gone as (
      delete from room_member using lost
      where room_member.room_id = lost.room_id and room_member.user_id = lost.user_id
    ), entry as (
      insert into room_event (room_id, seq, kind, user_id, reason, created_at)
      select room_id, before + nth, 'MEMBER_LEFT', user_id, 'REMOVED', clock_timestamp()
      from numbered join place on place.id = numbered.room_id
    )
    select id as "roomId", last_seq as seq from place`);
}

/**
 * Keeps the social graph and which accounts are hidden, and does what follows from a change: it ends memberships in rooms
 * about posts, and wakes the streams of those and of direct rooms, whose readers then find that they may not go on.
 */
export function createRights(live: LiveBus): {
  handlers: Handlers<SqlClient>;
  /** To be called when what handlers did is committed. */
  committed(): void;
} {
  const changed = new Map<string, number>();
  const note = (heads: readonly Head[]) => heads.forEach(({ roomId, seq }) => changed.set(roomId, seq));
  return {
    handlers: {
      async 'account.changed'(tx, event) {
        await accountHandlers['account.changed'](tx, event);
        const { userId, state } = event.payload;
        if (state === 'ACTIVE') return;
        // Members stay, for the account may come back; until then the rooms of its posts are closed to them.
        const rooms = await tx.$queryRaw<{ roomId: string }[]>(sql`
          select room.id as "roomId" from post join room on room.post_id = post.id where post.author_id = ${userId}`);
        note(rooms.map(({ roomId }) => ({ roomId, seq: READERS_CHANGED })));
      },
      async 'follow.changed'(tx, event) {
        await graphHandlers['follow.changed'](tx, event);
        const { followerId, followeeId, active } = event.payload;
        if (active) return;
        note(await endMemberships(tx, sql`post.author_id = ${followeeId} and m.user_id = ${followerId}`));
      },
      async 'privacy.changed'(tx, event) {
        await graphHandlers['privacy.changed'](tx, event);
        if (event.payload.isPrivate) note(await endMemberships(tx, sql`post.author_id = ${event.payload.userId}`));
      },
      async 'block.changed'(tx, event) {
        await graphHandlers['block.changed'](tx, event);
        const { blockerId, blockedId, active } = event.payload;
        if (!active) return;
        const pair = [blockerId, blockedId];
        note(await endMemberships(tx, sql`post.author_id = any(${pair}::text[]) and m.user_id = any(${pair}::text[])`));
        // A block leaves no entry in the log of their own room.
        note(
          await tx.$queryRaw<Head[]>(sql`
            select room_id as "roomId", ${READERS_CHANGED}::int as seq from direct_room
            where low_id = least(${blockerId}, ${blockedId}) and high_id = greatest(${blockerId}, ${blockedId})`),
        );
      },
    },
    committed() {
      for (const [roomId, seq] of changed) live.publish(roomChannel(roomId), seq);
      changed.clear();
    },
  };
}
