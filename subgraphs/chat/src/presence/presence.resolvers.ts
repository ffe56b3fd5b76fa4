import { badInput } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { PresenceChange } from './presence.stream.ts';

const MAX_WATCHED = 200;

export const presenceResolvers: Resolvers = {
  Subscription: {
    presence: {
      subscribe(_, { userIds }, { viewer, services }) {
        const viewerId = requireUser(viewer);
        if (userIds.length > MAX_WATCHED) throw badInput('userIds', `Watch at most ${MAX_WATCHED} people.`);
        // Whoever cannot exist is never there, like whoever may not be watched.
        return services.watchPresence({ viewerId, userIds: [...new Set(userIds)].filter((id) => isId('usr', id)) });
      },
      resolve: ({ userId, isOnline }: PresenceChange) => ({ user: { id: userId }, isOnline }),
    },
  },
};
