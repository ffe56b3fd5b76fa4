import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import { readEventCursor } from './cursor.ts';
import type { RoomEventModel } from './live.model.ts';

export const liveResolvers: Resolvers = {
  Subscription: {
    roomEvents: {
      subscribe(_, { roomId, after }, { viewer, services }) {
        const userId = requireUser(viewer);
        return services.streamRoom({ roomId, userId, after: after == null ? null : readEventCursor(roomId, after) });
      },
      resolve: (event: RoomEventModel) => event,
    },
  },
};
