import { shown } from '@chorus/kit/accounts';
import { raw, type Sql, sql } from '@chorus/kit/sql';
import { blockBetween, follows } from '../graph/graph.policy.ts';

const author = raw('post.author_id');

/**
 * Which rows of `post` somebody may see, as posts has it: the author's account is not hidden, no block stands between
 * them, and the account is public, followed by them, or their own. An account that never said whether it is private is as its post was.
 */
export const readablePost = (reader: Sql): Sql => sql`(
  ${shown('post.author_id')} and (${author} = ${reader} or not ${blockBetween(reader, author)} and (${follows(reader, author)} or not coalesce(
    (select p.active from private_account p where p.user_id = ${author}), post.visibility = 'FOLLOWERS'))))`;
