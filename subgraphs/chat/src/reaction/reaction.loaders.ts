import { batchOne } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';

/** The reads of reactions in one operation; counts are part of a message. */
export interface ReactionLoaders {
  /** Whether the viewer reacts to a message with this emoji. The message has been read, so the viewer may see it. */
  viewerHasReacted(messageId: string, emoji: string): Promise<boolean>;
}

export function createReactionLoaders(db: SqlClient, viewer: Viewer): ReactionLoaders {
  const own = batchOne({
    name: 'viewer reactions',
    load: (ids: readonly string[]) =>
      db.$queryRaw<{ messageId: string; emojis: string[] }[]>(sql`
        select message_id as "messageId", array_agg(emoji) as emojis from message_reaction
        where user_id = ${viewer.userId} and message_id = any(${ids}::text[]) group by message_id`),
    keyOf: (row) => row.messageId,
  });
  return {
    viewerHasReacted: async (messageId, emoji) => (await own.load(messageId))?.emojis.includes(emoji) ?? false,
  };
}
