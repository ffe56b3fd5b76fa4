import { badInput } from '@chorus/kit/errors';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { visible } from '../user/user.policy.ts';
import type { SuggestedUserModel } from './suggestion.model.ts';

const DEFAULT = 10;
const MAX = 50;

/** How many of those whom the viewer follows are asked, and how many each names, the latest: 20,000 rows at most. */
const ASKED = 200;
const NAMED = 100;

export interface SuggestionLoaders {
  /** @throws GraphQLError BAD_USER_INPUT */
  suggestions(userId: string, first: number | null | undefined): Promise<SuggestedUserModel[]>;
}

/**
 * Who is followed by most of those whom the viewer follows, without those whom the viewer follows, asked to follow, mutes
 * or, either way, is blocked from.
 */
export const createSuggestionLoaders = (db: SqlClient): SuggestionLoaders => ({
  async suggestions(userId, first) {
    const limit = first ?? DEFAULT;
    if (limit < 0 || limit > MAX) throw badInput('first', `Ask for between 0 and ${MAX} people.`);
    return db.$queryRaw<SuggestedUserModel[]>(sql`
      with followee as (
        select followee_id as id from follow where follower_id = ${userId}
        order by created_at desc, followee_id desc limit ${ASKED}
      ), candidate as (
        select named.id, count(*)::int as "followedByCount"
        from followee cross join lateral (
          select followee_id as id from follow where follower_id = followee.id
          order by created_at desc, followee_id desc limit ${NAMED}
        ) as named
        group by named.id
      )
      select id as "userId", "followedByCount" from candidate
      where id <> ${userId}
        and not exists (select from follow where follower_id = ${userId} and followee_id = candidate.id)
        and not exists (select from follow_request where requester_id = ${userId} and target_id = candidate.id)
        and not exists (select from mute where muter_id = ${userId} and muted_id = candidate.id)${visible(userId, 'candidate.id')}
      order by "followedByCount" desc, id limit ${limit}`);
  },
});
