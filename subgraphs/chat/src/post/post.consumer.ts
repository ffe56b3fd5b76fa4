import { noneDeleted } from '@chorus/kit/accounts';
import { type Handlers, project } from '@chorus/kit/events';
import type { SqlClient } from '@chorus/kit/sql';

/** Keeps which posts there are: whose, and for whom. */
export const postHandlers: Handlers<SqlClient> = {
  async 'post.created'(tx, { version, payload: { postId, authorId, visibility } }) {
    const facts = { author_id: authorId, visibility };
    await project(tx, { table: 'post', key: { id: postId }, facts, version, where: noneDeleted(authorId) });
  },
};
