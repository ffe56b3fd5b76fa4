import { shown } from '@chorus/kit/accounts';
import { forbidden } from '@chorus/kit/errors';
import { raw, type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { blockBetween } from '../graph/graph.policy.ts';
import { readablePost } from '../post/post.policy.ts';

const isMember = (user: Sql): Sql => sql`
  exists (select from room_member m where m.room_id = room.id and m.user_id = ${user})`;

const isBanned = (user: Sql): Sql => sql`
  exists (select from room_ban b where b.room_id = room.id and b.user_id = ${user})`;

/**
 * Whether a room's kind leaves it open to somebody, member or not, as a condition on rows of `room`: a direct room is
 * closed to both while one blocks the other, and a post's room to whoever may not see the post.
 */
export const openTo = (user: Sql): Sql => sql`case room.kind
  when 'DIRECT' then not exists (
    select from direct_room d where d.room_id = room.id and ${blockBetween(raw('d.low_id'), raw('d.high_id'))})
  when 'POST' then exists (select from post where post.id = room.post_id and ${readablePost(user)})
  else true end`;

/** Whether the room of a row of `room_member` is open to that member. */
export const openToMember: Sql = sql`exists (
  select from room where room.id = room_member.room_id and ${openTo(raw('room_member.user_id'))})`;

/**
 * Whether there is anybody to write to, as a condition on rows of `room`: not in a direct room while the account of one
 * of its two is closed, nor once it is erased and the pair gone.
 */
export const inCompany: Sql = sql`case room.kind
  when 'DIRECT' then exists (
    select from direct_room d where d.room_id = room.id and ${shown('d.low_id')} and ${shown('d.high_id')})
  else true end`;

/** To whoever is alone in a direct room, and may still read it. */
export const noCompany = (): Error =>
  forbidden('The account of the other person is closed: nothing can be added here.', 'PEER_UNAVAILABLE');

/** Whether the room of a row of `room_member` is open to that member, and not to them alone. */
export const sharedByMember: Sql = sql`exists (
  select from room where room.id = room_member.room_id and ${openTo(raw('room_member.user_id'))} and ${inCompany})`;

/** Whether members may write in a room as they like: it is open to them and another, and no request that waits. */
export const writable = (
  user: Sql,
): Sql => sql`${openTo(user)} and ${inCompany} and (room.kind <> 'DIRECT' or not exists (
  select from direct_room d where d.room_id = room.id and d.request in ('PENDING', 'DECLINED')))`;

/** Which rows of `room` are the viewer's own: those of which they are a member. An anonymous viewer equals no member. */
export const attended = ({ userId }: Viewer): Sql => sql`${isMember(sql`${userId}`)} and ${openTo(sql`${userId}`)}`;

/** Whether a direct room is a request to the viewer, with something in it to read. */
const requestedOf = (user: Sql): Sql => sql`(room.last_message_id is not null and exists (
  select from direct_room d where d.room_id = room.id and d.request = 'PENDING' and d.requester_id <> ${user}
    and ${shown('d.requester_id')}
    and ${user} in (d.low_id, d.high_id)))`;

/** Which rows of `room` are requests to the viewer: a stranger's first messages, neither accepted nor declined. */
export const requested = ({ userId }: Viewer): Sql => {
  const user = sql`${userId}`;
  return sql`room.kind = 'DIRECT' and ${requestedOf(user)} and ${openTo(user)}`;
};

/**
 * Which rows of `room` the viewer may see, as a condition: their own, public ones and those of posts unless they are
 * banned, and requests to them. Every statement that reads rooms, or what is in them by its id, holds it, or a narrower one.
 */
export const visible = ({ userId }: Viewer): Sql => {
  const user = sql`${userId}`;
  return sql`(${isMember(user)} or case room.kind
    when 'PUBLIC' then not ${isBanned(user)}
    when 'POST' then not ${isBanned(user)}
    when 'DIRECT' then ${requestedOf(user)}
    else false end) and ${openTo(user)}`;
};
