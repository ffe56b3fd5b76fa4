import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import { roomCursors } from './cursor.ts';
import type { RoomEventModel } from './live.model.ts';

export const liveResolvers: Resolvers = {
  Subscription: {
    roomEvents: {
      subscribe(_, { roomId, after }, { viewer, services }) {
        const userId = requireUser(viewer);
        const position = after == null ? null : roomCursors(roomId).decode(after);
        return services.streamRoom({ roomId, userId, after: position, onEnd: services.presence.hold(userId) });
      },
      resolve: (event: RoomEventModel) => event,
    },
  },
};
