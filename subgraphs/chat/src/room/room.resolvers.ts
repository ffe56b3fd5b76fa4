import type { Resolvers } from '../__generated__/resolvers.ts';
import { roomCursors } from '../live/cursor.ts';

export const roomResolvers: Resolvers = {
  Query: {
    room: (_, { id }, { loaders }) => loaders.rooms.byId(id),
    rooms: (_, args, { loaders }) => loaders.rooms.mine(args),
  },
  Mutation: {
    async createRoom(_, { input }, context) {
      const id = await context.services.rooms.create(context, input);
      context.forget();
      return { room: await context.loaders.rooms.byId(id) };
    },
  },
  Room: {
    __resolveReference: (ref, { loaders }) => loaders.rooms.byId('id' in ref ? ref.id : ref.nodeId),
    nodeId: (room) => room.id,
    createdBy: (room) => ({ id: room.createdBy }),
    // The position comes from the room's row, and everything below a room is read after its row: what the answer shows
    // is never older than its cursor. It may be newer, and then the subscription repeats it, with the same seq; the
    // other way round an event between the two reads would be missed.
    eventCursor: (room) => roomCursors(room.id).encode({ epoch: room.logEpoch, seq: room.lastSeq }),
  },
};
