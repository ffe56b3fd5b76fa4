import { withoutDeleted } from '@chorus/kit/accounts';
import { notFound } from '@chorus/kit/errors';
import { raw, sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { blockBetween, follows } from '../graph/graph.policy.ts';

/**
 * Whom an inviter may add to a room at once (`near`): those who follow them, and all for a service account. Everybody
 * else (`far`) is asked first, and an account that is deleted is left out.
 * @throws GraphQLError NOT_FOUND when a block stands between, in the words for people who do not exist
 */
export async function sortPeople(
  tx: SqlClient,
  inviter: Viewer & { userId: string },
  people: readonly string[],
  field: string,
): Promise<{ near: string[]; far: string[] }> {
  const known = await withoutDeleted(tx, people);
  const person = raw('person.id');
  const by = sql`${inviter.userId}`;
  const rows = await tx.$queryRaw<{ id: string; blocked: boolean; near: boolean }[]>(sql`
    select person.id, ${blockBetween(person, by)} as blocked, ${follows(person, by)} as near
    from unnest(${known}::text[]) with ordinality as person (id, nth) order by nth`);
  if (rows.some(({ blocked }) => blocked)) throw notFound('One of these users', field);
  const isNear = (row: { near: boolean }) => row.near || inviter.service !== null;
  return {
    near: rows.filter(isNear).map(({ id }) => id),
    far: rows.filter((row) => !isNear(row)).map(({ id }) => id),
  };
}

/** Asks people into a room; who was asked before stays asked by whoever was first. @returns all of them */
export async function invite(
  tx: SqlClient,
  roomId: string,
  byUserId: string,
  people: readonly string[],
): Promise<string[]> {
  if (people.length > 0) {
    await tx.$executeRaw(sql`
      insert into room_invitation (room_id, user_id, by_user_id, created_at)
      select ${roomId}, user_id, ${byUserId}, clock_timestamp() from unnest(${people}::text[]) as person (user_id)
      on conflict do nothing`);
  }
  return [...people];
}
