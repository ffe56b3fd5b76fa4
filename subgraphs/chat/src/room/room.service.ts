import { requireOpenAccount } from '@chorus/kit/accounts';
import { readAttachments } from '@chorus/kit/attachments';
import { readCreatedAt } from '@chorus/kit/backdating';
import { randomBytes } from 'node:crypto';
import { transact } from '@chorus/kit/database';
import { badInput, forbidden, notFound } from '@chorus/kit/errors';
import { once } from '@chorus/kit/idempotency';
import { isId, newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import { requireUser } from '@chorus/kit/viewer';
import type { CreateRoomInput, UpdateRoomInput } from '../__generated__/resolvers.ts';
import { invite, sortPeople } from '../invitation/invite.ts';
import { wakeInboxes } from '../inbox/inbox.channel.ts';
import { roomChannel } from '../live/room-log.ts';
import { hold, lockRoom, requireRole, rolesOf } from '../member/membership.ts';
import { readablePost } from '../post/post.policy.ts';
import { append } from './room-entries.ts';

/** People that one call may add to a room. */
export const MAX_ADDED = 100;

export interface RoomService {
  /**
   * Those who follow the creator are members at once, and so are all whom a service account names; others are invited.
   * @returns the id of the new room, or of the one that the same key and input made before
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, IDEMPOTENCY_CONFLICT,
   *   RATE_LIMITED
   */
  create(caller: Caller, input: CreateRoomInput): Promise<string>;
  /**
   * What is not given stays; an avatar of null is taken away.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, RATE_LIMITED
   */
  update(caller: Caller, input: UpdateRoomInput): Promise<void>;
  /**
   * The one room of a post, made on first use, without members.
   * @returns its id
   * @throws GraphQLError UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED
   */
  openForPost(caller: Caller, postId: string): Promise<string>;
}

/**
 * The ids of people to add to a room, each once. Whether they exist is not known here, for no subgraph asks another: a
 * member whose user does not resolve is one whose `node` is null.
 * @throws GraphQLError BAD_USER_INPUT for too many; NOT_FOUND for what cannot be a user's id
 */
export function readPeople(field: string, ids: readonly string[]): string[] {
  if (ids.length > MAX_ADDED) throw badInput(field, `Add at most ${MAX_ADDED} people in one call.`);
  if (!ids.every((id) => isId('usr', id))) throw notFound('One of these users', field);
  return [...new Set(ids)];
}

/** Names the log of a new room. */
export const newEpoch = (): string => randomBytes(6).toString('base64url');

export function createRoomService(options: {
  db: Database;
  live: LiveBus;
  limits: Limits<'createRoom' | 'updateRoom' | 'openPostRoom'>;
  attachmentKey: string;
}): RoomService {
  const { db, live, limits, attachmentKey } = options;

  /** The media id of a picture that its owner uploaded. */
  const readAvatar = async (token: string | null | undefined, owner: string): Promise<string | null> => {
    const tokens = token == null ? [] : [token];
    const [id = null] = await readAttachments(attachmentKey, { field: 'input.avatar', tokens, owner, max: 1 });
    return id;
  };

  /** The room with its members, the owner first, and a log that begins with their joining. */
  const insert = async (tx: SqlClient, caller: Caller, room: NewRoom): Promise<string> => {
    const id = newId('rom');
    await requireOpenAccount(tx, room.ownerId);
    const owner = { ...caller.viewer, userId: room.ownerId };
    const { near, far } = await sortPeople(tx, owner, room.memberIds, 'input.memberIds');
    const people = [room.ownerId, ...near];
    await tx.$executeRaw(sql`
      with new_room as (
        insert into room (id, kind, name, avatar_media_id, avatar_owner_id, created_by, created_at, member_count, last_seq,
          log_epoch, last_activity_at)
        select ${id}, ${room.kind}, ${room.name}, ${room.avatarMediaId},
          ${room.avatarMediaId === null ? null : room.ownerId}, ${room.ownerId}, at, ${people.length},
          ${people.length}, ${newEpoch()}, at
        from (select coalesce(${room.createdAt}::timestamptz, now())) as moment (at)
        returning created_at
      ), joined as (
        insert into room_member (room_id, user_id, role, joined_seq, joined_at)
        select ${id}, user_id, case when seq = 1 then 'OWNER' else 'MEMBER' end, seq, created_at
        from new_room, unnest(${people}::text[]) with ordinality as person (user_id, seq)
        returning user_id, joined_seq, role
      )
      insert into room_event (room_id, seq, kind, user_id, by_user_id, role, created_at)
      select ${id}, joined_seq, 'MEMBER_JOINED', user_id, ${room.ownerId}, role, now() from joined`);
    await invite(tx, id, room.ownerId, far);
    return id;
  };

  const update = async (tx: SqlClient, roomId: string, userId: string, change: Change): Promise<number | null> => {
    if (!(await hold(tx, roomId, userId))) throw notFound('This room', 'input.roomId');
    const { kind } = await lockRoom(tx, roomId);
    requireRole((await rolesOf(tx, roomId, [userId])).get(userId), 'ADMIN');
    if (kind !== 'GROUP' && kind !== 'PUBLIC')
      throw forbidden('Only groups and public rooms have a name and an avatar.');
    const [now] = await tx.$queryRaw<{ name: string; avatarMediaId: string | null }[]>(sql`
      update room set name = coalesce(${change.name ?? null}, name),
        avatar_media_id = case when ${change.avatarMediaId === undefined}::boolean then avatar_media_id
          else ${change.avatarMediaId ?? null} end,
        avatar_owner_id = case when ${change.avatarMediaId === undefined}::boolean then avatar_owner_id
          else ${change.avatarMediaId == null ? null : userId} end
      where id = ${roomId} returning name, avatar_media_id as "avatarMediaId"`);
    return now === undefined ? null : append(tx, roomId, [{ kind: 'ROOM_UPDATED', byUserId: userId, ...now }]);
  };

  return {
    async create(caller, input) {
      const { viewer } = caller;
      const ownerId = requireUser(viewer);
      const room: NewRoom = {
        ownerId,
        kind: input.isPublic === true ? 'PUBLIC' : 'GROUP',
        name: readText('input.name', input.name, { min: 1, max: 80 }),
        avatarMediaId: await readAvatar(input.avatar, ownerId),
        memberIds: readPeople('input.memberIds', input.memberIds ?? []).filter((id) => id !== ownerId),
        createdAt: readCreatedAt(viewer, input.createdAt),
      };
      await limits.take(caller, 'createRoom');
      const write = { viewerId: ownerId, mutation: 'createRoom', key: input.idempotencyKey, input: room };
      const id = await db.$transaction((tx) => once(tx, write, () => insert(tx, caller, room)));
      wakeInboxes(live, [ownerId, ...room.memberIds]);
      return id;
    },

    async update(caller, { roomId, name, avatar }) {
      const userId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This room', 'input.roomId');
      if (name === null) throw badInput('input.name', 'A room has a name.');
      const change: Change = {
        ...(name !== undefined && { name: readText('input.name', name, { min: 1, max: 80 }) }),
        ...(avatar !== undefined && {
          avatarMediaId: await readAvatar(avatar, userId),
        }),
      };
      if (Object.keys(change).length === 0) throw badInput('input', 'Name what to change.');
      await limits.take(caller, 'updateRoom');
      const seq = await transact(db, (tx) => update(tx, roomId, userId, change));
      if (seq !== null) live.publish(roomChannel(roomId), seq);
    },

    async openForPost(caller, postId) {
      const userId = requireUser(caller.viewer);
      if (!isId('pst', postId)) throw notFound('This post', 'postId');
      await limits.take(caller, 'openPostRoom');
      // Two at once: the second waits for the first, and finds its room. The post stays until it is there, so that
      // whoever erases the author finds it, too.
      await db.$executeRaw(sql`
        insert into room (id, kind, post_id, created_by, created_at, member_count, last_seq, log_epoch, last_activity_at)
        select ${newId('rom')}, 'POST', post.id, post.author_id, now(), 0, 0, ${newEpoch()}, now() from post
        where post.id = ${postId} and ${readablePost(sql`${userId}`)} for key share of post
        on conflict (post_id) do nothing`);
      const [room] = await db.$queryRaw<{ id: string }[]>(sql`
        select room.id from room join post on post.id = room.post_id
        where post.id = ${postId} and ${readablePost(sql`${userId}`)}`);
      if (room === undefined) throw notFound('This post', 'postId');
      return room.id;
    },
  };
}

interface NewRoom {
  ownerId: string;
  kind: 'GROUP' | 'PUBLIC';
  name: string;
  avatarMediaId: string | null;
  memberIds: string[];
  createdAt: Date | null;
}

interface Change {
  name?: string;
  avatarMediaId?: string | null;
}
