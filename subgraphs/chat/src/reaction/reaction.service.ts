import { accountOpen, requireOpenAccount } from '@chorus/kit/accounts';
import { badInput, forbidden, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser } from '@chorus/kit/viewer';
import { isUniqueViolation } from '../database.ts';
import { roomChannel } from '../live/room-log.ts';
import { messageColumns, type MessageRow } from '../message/message.model.ts';
import { inCompany, noCompany, openToMember, sharedByMember, visible } from '../room/room.policy.ts';

/** Different emoji on one message. */
export const MAX_EMOJI = 20;

export interface ReactionService {
  /**
   * @returns the message, with the viewer's reaction
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, RATE_LIMITED
   */
  add(caller: Caller, messageId: string, emoji: string): Promise<MessageRow>;
  /**
   * @returns the message, without the viewer's reaction
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, RATE_LIMITED
   */
  remove(caller: Caller, messageId: string, emoji: string): Promise<MessageRow>;
}

/** What Unicode recommends for interchange, in its one full spelling: a set that the engine knows and that stays. */
const EMOJI = /^\p{RGI_Emoji}$/v;

interface Reaction {
  messageId: string;
  userId: string;
  emoji: string;
}
type Changed = MessageRow & { eventSeq: number };

/**
 * Each change is one statement, which takes its locks in the order member, message, room (message.service.ts). The
 * message's row is what reactions to it wait for; when its lock is there, its row is read again as it is now, so the
 * counts in it never miss a change.
 */
export function createReactionService(options: {
  db: SqlClient;
  live: LiveBus;
  limits: Limits<'reactToMessage'>;
}): ReactionService {
  const { db, live, limits } = options;

  const member = ({ messageId, userId }: Reaction, condition: Sql) => sql`
    member as materialized (
      select room_member.room_id from message join room_member on room_member.room_id = message.room_id
      where message.id = ${messageId} and room_member.user_id = ${userId} and ${condition}
      for key share of room_member
    )`;
  const countOf = (emoji: string) => sql`(reactions -> ${emoji}::text ->> 0)::int`;
  const entry = (kind: string, { messageId, userId, emoji }: Reaction) => sql`
    entry as (
      insert into room_event (room_id, seq, kind, message_id, user_id, emoji, created_at)
      select room_id, seq, ${kind}, ${messageId}, ${userId}, ${emoji}, clock_timestamp() from place
    )`;

  /** Null when nothing is to be done, or nothing may be. */
  const insert = async (reaction: Reaction): Promise<Changed | null> => {
    const { messageId, userId, emoji } = reaction;
    const [row] = await db.$queryRaw<Changed[]>(sql`
      with ${member(reaction, sql`${accountOpen(userId)} and ${sharedByMember}`)}, target as materialized (
        select message.room_id from message join member on member.room_id = message.room_id
        where message.id = ${messageId} and message.deleted_at is null
          and (message.reactions -> ${emoji}::text is not null
            or (select count(*) from jsonb_object_keys(message.reactions)) < ${MAX_EMOJI})
          and not exists (
            select from message_reaction
            where message_id = ${messageId} and user_id = ${userId} and emoji = ${emoji}
          )
        for no key update of message
      ), place as (
        update room set last_seq = last_seq + 1 from target where room.id = target.room_id
        returning room.id as room_id, room.last_seq as seq
      ), ${entry('REACTION_ADDED', reaction)}, added as (
        insert into message_reaction (message_id, user_id, emoji)
        select ${messageId}, ${userId}, ${emoji} from place
      )
      update message set reactions = case when ${countOf(emoji)} is null
        then jsonb_set(reactions, array[${emoji}], jsonb_build_array(1, place.seq))
        else jsonb_set(reactions, array[${emoji}, '0'], to_jsonb(${countOf(emoji)} + 1)) end
      from place where message.id = ${messageId}
      returning ${messageColumns}, place.seq as "eventSeq"`);
    return row ?? null;
  };

  /** Null when there is no such reaction, or the viewer is not a member. */
  const removeRow = async (reaction: Reaction): Promise<Changed | null> => {
    const { messageId, userId, emoji } = reaction;
    const [row] = await db.$queryRaw<Changed[]>(sql`
      with ${member(reaction, openToMember)}, target as materialized (
        select message.room_id from message join member on member.room_id = message.room_id
        where message.id = ${messageId}
        for no key update of message
      ), own as materialized (
        -- Locked, for this statement may not see yet that it was removed while the message's lock was waited for.
        select target.room_id from message_reaction, target
        where message_id = ${messageId} and user_id = ${userId} and emoji = ${emoji}
        for update of message_reaction
      ), place as (
        update room set last_seq = last_seq + 1 from own where room.id = own.room_id
        returning room.id as room_id, room.last_seq as seq
      ), ${entry('REACTION_REMOVED', reaction)}, removed as (
        delete from message_reaction using place
        where message_id = ${messageId} and user_id = ${userId} and emoji = ${emoji}
      )
      update message set reactions = case when ${countOf(emoji)} > 1
        then jsonb_set(reactions, array[${emoji}, '0'], to_jsonb(${countOf(emoji)} - 1))
        else reactions - ${emoji}::text end
      from place where message.id = ${messageId}
      returning ${messageColumns}, place.seq as "eventSeq"`);
    return row ?? null;
  };

  /** The message where nothing changed, if that is because the reaction was there already, or gone. */
  const unchanged = async (caller: Caller, { messageId, userId, emoji }: Reaction, wanted: boolean) => {
    if (wanted) await requireOpenAccount(db, userId);
    const [row] = await db.$queryRaw<(MessageRow & { isMember: boolean; alone: boolean; present: boolean })[]>(sql`
      select ${messageColumns}, not ${inCompany} as alone,
        exists (select from room_member where room_id = message.room_id and user_id = ${userId}) as "isMember",
        exists (
          select from message_reaction where message_id = message.id and user_id = ${userId} and emoji = ${emoji}
        ) as present
      from message join room on room.id = message.room_id
      where message.id = ${messageId} and ${visible(caller.viewer)}`);
    if (row === undefined) throw notFound('This message', 'messageId');
    if (!row.isMember) throw forbidden('Only members of the room react to its messages.');
    if (!wanted || row.present) return row;
    if (row.alone) throw noCompany();
    if (row.deletedAt !== null) throw badInput('messageId', 'This message was deleted.');
    throw badInput('emoji', `A message has at most ${MAX_EMOJI} different emoji. Use one that it has.`);
  };

  const change = async (
    caller: Caller,
    { messageId, emoji }: Omit<Reaction, 'userId'>,
    { run, wanted }: { run: (reaction: Reaction) => Promise<Changed | null>; wanted: boolean },
  ): Promise<MessageRow> => {
    const reaction: Reaction = { messageId, emoji, userId: requireUser(caller.viewer) };
    if (!EMOJI.test(emoji)) throw badInput('emoji', 'Give one emoji, as Unicode recommends it for interchange.');
    if (!isId('msg', messageId)) throw notFound('This message', 'messageId');
    await limits.take(caller, 'reactToMessage');
    const changed = await run(reaction);
    if (changed === null) return unchanged(caller, reaction, wanted);
    live.publish(roomChannel(changed.roomId), changed.eventSeq);
    return changed;
  };

  const insertOnce = (reaction: Reaction) =>
    insert(reaction).catch((error: unknown) => {
      // The same reaction twice at once: the other one was faster, and nothing of this one remains.
      if (isUniqueViolation(error)) return null;
      throw error;
    });

  return {
    add: (caller, messageId, emoji) => change(caller, { messageId, emoji }, { run: insertOnce, wanted: true }),
    remove: (caller, messageId, emoji) => change(caller, { messageId, emoji }, { run: removeRow, wanted: false }),
  };
}
