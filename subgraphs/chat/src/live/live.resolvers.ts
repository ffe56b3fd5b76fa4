import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import { holding } from '../presence/presence.service.ts';
import { roomCursors } from './cursor.ts';
import type { RoomEventModel } from './live.model.ts';

export const liveResolvers: Resolvers = {
  Subscription: {
    roomEvents: {
      subscribe(_, { roomId, after }, { viewer, services }) {
        const userId = requireUser(viewer);
        const stream = services.streamRoom({
          roomId,
          userId,
          after: after == null ? null : roomCursors(roomId).decode(after),
        });
        return holding(services.presence, userId, stream);
      },
      resolve: (event: RoomEventModel) => event,
    },
  },
};
