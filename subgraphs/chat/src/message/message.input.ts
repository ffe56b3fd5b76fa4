import { badInput } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import { sql, type Sql } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';

const CLIENT_ID = /^[\x21-\x7e]{8,64}$/;

/** @throws GraphQLError BAD_USER_INPUT */
export function readClientId(clientId: string): string {
  if (!CLIENT_ID.test(clientId)) throw badInput('input.clientId', 'A clientId has 8 to 64 printable characters.');
  return clientId;
}

/**
 * @param min 0 where the message has something else to show
 * @throws GraphQLError BAD_USER_INPUT
 */
export const readMessageText = (text: string, min: 0 | 1): string => readText('input.text', text, { min, max: 4000 });

const MAX_MENTIONS = 20;

/** The people named, each once. @throws GraphQLError BAD_USER_INPUT */
export function readMentions(ids: readonly string[]): string[] {
  if (ids.length > MAX_MENTIONS) throw badInput('input.mentionIds', `Mention at most ${MAX_MENTIONS} people.`);
  if (!ids.every((id) => isId('usr', id))) throw strangers();
  return [...new Set(ids)];
}

/** Whether all of these, each named once, are members of the room, as a condition. */
export const areMembers = (roomId: Sql, userIds: readonly string[]): Sql =>
  userIds.length === 0
    ? sql`true`
    : sql`(select count(*) from room_member where room_member.room_id = ${roomId}
        and room_member.user_id = any(${userIds}::text[])) = ${userIds.length}`;

/** For mentions of others than members. */
export const strangers = () => badInput('input.mentionIds', 'Mention members of the room.');
