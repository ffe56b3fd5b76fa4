import { withoutDeleted } from '@chorus/kit/accounts';
import { badInput, forbidden, notFound } from '@chorus/kit/errors';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Departure, RoomKind, RoomRole } from '../__generated__/resolvers.ts';
import { append, type NewEntry } from '../room/room-entries.ts';

/**
 * How memberships change. Every change takes its locks in the order member, room, as sending does (message.service.ts):
 * first the memberships that have to stay (`hold`) or to go (`release`), then the room. Roles and bans change only under
 * the room's lock, so they are read after it.
 */

/** People in one room. */
export const MAX_MEMBERS = 20_000;

export interface LockedRoom {
  id: string;
  kind: RoomKind;
  postAuthorId: string | null;
  memberCount: number;
}

/** Keeps a membership from ending before this transaction has. @returns whether there is one */
export async function hold(tx: SqlClient, roomId: string, userId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<object[]>(sql`
    select role from room_member where room_id = ${roomId} and user_id = ${userId} for key share`);
  return rows.length > 0;
}

/** Waits for whatever holds a membership that is to end. @returns whether there is one */
export async function release(tx: SqlClient, roomId: string, userId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<object[]>(sql`
    select role from room_member where room_id = ${roomId} and user_id = ${userId} for update`);
  return rows.length > 0;
}

/** @throws GraphQLError NOT_FOUND */
export async function lockRoom(tx: SqlClient, roomId: string): Promise<LockedRoom> {
  const [room] = await tx.$queryRaw<LockedRoom[]>(sql`
    select id, kind, member_count as "memberCount",
      (select author_id from post where post.id = room.post_id) as "postAuthorId"
    from room where id = ${roomId} for no key update`);
  if (room === undefined) throw notFound('This room', 'roomId');
  return room;
}

/** The roles of those of these people who are members. A statement after the room's lock: it sees what was committed before. */
export async function rolesOf(
  tx: SqlClient,
  roomId: string,
  people: readonly string[],
): Promise<Map<string, RoomRole>> {
  const rows = await tx.$queryRaw<{ userId: string; role: RoomRole }[]>(sql`
    select user_id as "userId", role from room_member where room_id = ${roomId} and user_id = any(${people}::text[])`);
  return new Map(rows.map(({ userId, role }) => [userId, role]));
}

/** Which of these people are banned from a room. */
export async function bannedOf(tx: SqlClient, roomId: string, people: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ userId: string }[]>(sql`
    select user_id as "userId" from room_ban where room_id = ${roomId} and user_id = any(${people}::text[])`);
  return new Set(rows.map(({ userId }) => userId));
}

/**
 * Makes members of people who are none; the room is locked. Invitations that they had are used up. An account that is
 * deleted comes in nowhere.
 * @returns the sequence number of the last entry; null when there is nobody to add
 * @throws GraphQLError BAD_USER_INPUT when the room is full
 */
export async function admit(
  tx: SqlClient,
  room: LockedRoom,
  candidates: readonly string[],
  { byUserId, field }: { byUserId: string | null; field: string },
): Promise<number | null> {
  const people = await withoutDeleted(tx, candidates);
  if (people.length === 0) return null;
  if (room.memberCount + people.length > MAX_MEMBERS)
    throw badInput(field, `A room has at most ${MAX_MEMBERS} members.`);
  // A post's author looks after what is said about it.
  const roleOf = (userId: string): RoomRole => (userId === room.postAuthorId ? 'OWNER' : 'MEMBER');
  const entries = people.map((userId): NewEntry => ({ kind: 'MEMBER_JOINED', userId, byUserId, role: roleOf(userId) }));
  const last = await append(tx, room.id, entries);
  const first = last - people.length + 1;
  await tx.$executeRaw(sql`
    insert into room_member (room_id, user_id, role, joined_seq, joined_at)
    select ${room.id}, user_id, role, ${first - 1}::int + nth, clock_timestamp()
    from unnest(${people}::text[], ${people.map(roleOf)}::text[]) with ordinality as person (user_id, role, nth)`);
  await tx.$executeRaw(sql`
    delete from room_invitation where room_id = ${room.id} and user_id = any(${people}::text[])`);
  return last;
}

/**
 * Ends a membership that was released before the room was locked. When nobody owns the room any more, ownership passes to
 * the admin, or else the member, who was there longest. A direct room is its two people's, a post's its author's.
 * @returns the sequence number of the last entry
 */
export async function dismiss(
  tx: SqlClient,
  room: LockedRoom,
  userId: string,
  { byUserId, reason }: { byUserId: string | null; reason: Departure },
): Promise<number> {
  await tx.$executeRaw(sql`delete from room_member where room_id = ${room.id} and user_id = ${userId}`);
  const entries: NewEntry[] = [{ kind: 'MEMBER_LEFT', userId, byUserId, reason }];
  if (room.kind === 'GROUP' || room.kind === 'PUBLIC') {
    // Whoever is leaving at this moment holds the lock of their membership, waits for the room, and is passed over.
    const [heir] = await tx.$queryRaw<{ userId: string }[]>(sql`
      update room_member set role = 'OWNER' where room_id = ${room.id} and user_id = (
        select user_id from room_member where room_id = ${room.id}
          and not exists (select from room_member where room_id = ${room.id} and role = 'OWNER')
        order by role = 'ADMIN' desc, joined_seq limit 1 for no key update skip locked)
      returning user_id as "userId"`);
    if (heir !== undefined) {
      entries.push({ kind: 'MEMBER_ROLE_CHANGED', userId: heir.userId, byUserId: null, role: 'OWNER' });
    }
  }
  return append(tx, room.id, entries);
}

const rank: Record<RoomRole, number> = { OWNER: 3, ADMIN: 2, MEMBER: 1 };

/** @throws GraphQLError NOT_FOUND to whoever is no member; FORBIDDEN below that role */
export function requireRole(role: RoomRole | undefined, least: RoomRole): asserts role is RoomRole {
  if (role === undefined) throw notFound('This room', 'roomId');
  if (rank[role] >= rank[least]) return;
  throw forbidden(
    least === 'OWNER' ? 'Only the owner of the room may do this.' : 'Only its owner and admins may do this.',
  );
}

/** Nobody acts on their equals. @throws GraphQLError FORBIDDEN */
export function requireAbove(role: RoomRole, other: RoomRole): void {
  if (rank[role] <= rank[other]) throw forbidden('This person has a role in the room that is not below yours.');
}
