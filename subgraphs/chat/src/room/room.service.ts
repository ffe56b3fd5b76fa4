import { readCreatedAt } from '@chorus/kit/backdating';
import { randomBytes } from 'node:crypto';
import { badInput, notFound } from '@chorus/kit/errors';
import { once } from '@chorus/kit/idempotency';
import { isId, newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import { requireUser } from '@chorus/kit/viewer';
import type { CreateRoomInput } from '../__generated__/resolvers.ts';

/** People that one call may add to a room. */
export const MAX_ADDED = 100;

export interface RoomService {
  /**
   * @returns the id of the new room, or of the one that the same key and input made before
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, IDEMPOTENCY_CONFLICT,
   *   RATE_LIMITED
   */
  create(caller: Caller, input: CreateRoomInput): Promise<string>;
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

export function createRoomService({ db, limits }: { db: Database; limits: Limits<'createRoom'> }): RoomService {
  /** The room with its members, the owner first, and a log that begins with their joining. */
  const insert = async (tx: SqlClient, room: NewRoom): Promise<string> => {
    const id = newId('rom');
    const people = [room.ownerId, ...room.memberIds];
    const epoch = randomBytes(6).toString('base64url');
    await tx.$executeRaw(sql`
      with new_room as (
        insert into room (id, name, created_by, created_at, member_count, last_seq, log_epoch, last_activity_at)
        select ${id}, ${room.name}, ${room.ownerId}, at, ${people.length}, ${people.length}, ${epoch}, at
        from (select coalesce(${room.createdAt}::timestamptz, now())) as moment (at)
        returning created_at
      ), joined as (
        insert into room_member (room_id, user_id, role, joined_seq, joined_at)
        select ${id}, user_id, case when seq = 1 then 'OWNER' else 'MEMBER' end, seq, created_at
        from new_room, unnest(${people}::text[]) with ordinality as person (user_id, seq)
        returning user_id, joined_seq
      )
      insert into room_event (room_id, seq, kind, user_id, by_user_id, created_at)
      select ${id}, joined_seq, 'MEMBER_JOINED', user_id, ${room.ownerId}, now() from joined`);
    return id;
  };

  return {
    async create(caller, input) {
      const { viewer } = caller;
      const ownerId = requireUser(viewer);
      const room: NewRoom = {
        ownerId,
        name: readText('input.name', input.name, { min: 1, max: 80 }),
        memberIds: readPeople('input.memberIds', input.memberIds ?? []).filter((id) => id !== ownerId),
        createdAt: readCreatedAt(viewer, input.createdAt),
      };
      await limits.take(caller, 'createRoom');
      const write = { viewerId: ownerId, mutation: 'createRoom', key: input.idempotencyKey, input: room };
      return db.$transaction((tx) => once(tx, write, () => insert(tx, room)));
    },
  };
}

interface NewRoom {
  ownerId: string;
  name: string;
  memberIds: string[];
  createdAt: Date | null;
}
