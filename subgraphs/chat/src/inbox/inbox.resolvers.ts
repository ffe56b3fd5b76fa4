import { badInput } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import { roomCursors } from '../live/cursor.ts';
import { MAX_ROOMS } from './inbox.rooms.ts';
import type { InboxEventModel } from './inbox.stream.ts';

export const inboxResolvers: Resolvers = {
  Subscription: {
    inboxEvents: {
      subscribe(_, { after }, { viewer, services }) {
        const userId = requireUser(viewer);
        const given = after ?? [];
        if (given.length > MAX_ROOMS) throw badInput('after', `An inbox has at most ${MAX_ROOMS} rooms.`);
        const positions = given.map(({ roomId, cursor }, index) => {
          if (!isId('rom', roomId)) throw badInput(`after.${index}.roomId`, 'This is not the id of a room.');
          return [roomId, roomCursors(roomId).decode(cursor)] as const;
        });
        return services.streamInbox({ userId, after: new Map(positions), onEnd: services.presence.hold(userId) });
      },
      resolve: (event: InboxEventModel) => event,
    },
  },
  InboxEvent: {
    room: ({ roomId }, _, { loaders }) => loaders.rooms.byId(roomId),
  },
};
