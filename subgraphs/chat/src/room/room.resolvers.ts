import type { Resolvers } from '../__generated__/resolvers.ts';
import { pictureOf } from './avatar.ts';
import { roomCursors } from '../live/cursor.ts';

export const roomResolvers: Resolvers = {
  Query: {
    room: (_, { id }, { loaders }) => loaders.rooms.byId(id),
    rooms: (_, args, { loaders }) => loaders.rooms.mine(args),
    publicRooms: (_, { order, ...args }, { loaders }) => loaders.rooms.public(order ?? 'ACTIVITY', args),
  },
  Mutation: {
    async createRoom(_, { input }, context) {
      const id = await context.services.rooms.create(context, input);
      context.forget();
      return { room: await context.loaders.rooms.byId(id) };
    },
    async updateRoom(_, { input }, context) {
      await context.services.rooms.update(context, input);
      context.forget();
      return { room: await context.loaders.rooms.byId(input.roomId) };
    },
    async openPostRoom(_, { postId }, context) {
      const id = await context.services.rooms.openForPost(context, postId);
      context.forget();
      return { room: await context.loaders.rooms.byId(id) };
    },
  },
  Room: {
    __resolveReference: (ref, { loaders }) => loaders.rooms.byId('id' in ref ? ref.id : ref.nodeId),
    nodeId: (room) => room.id,
    avatar: ({ avatarMediaId }, _, context) => pictureOf(avatarMediaId, context),
    post: ({ postId }) => (postId === null ? null : { id: postId }),
    createdBy: (room) => (room.createdBy === null ? null : { id: room.createdBy }),
    // The position comes from the room's row, and everything below a room is read after its row: what the answer shows
    // is never older than its cursor. It may be newer, and then the subscription repeats it, with the same seq; the
    // other way round an event between the two reads would be missed.
    eventCursor: (room) => roomCursors(room.id).encode({ epoch: room.logEpoch, seq: room.lastSeq }),
  },
  Post: {
    discussion: ({ id }, _, { loaders }) => loaders.rooms.ofPost(id),
  },
};
