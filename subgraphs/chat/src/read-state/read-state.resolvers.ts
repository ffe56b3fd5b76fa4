import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';

export const readStateResolvers: Resolvers = {
  Query: {
    unreadMessageCount: (_, __, { loaders }) => loaders.readState.total(),
  },
  Mutation: {
    async markRoomRead(_, { roomId, seq }, context) {
      await context.services.readState.markRead(context.viewer, roomId, seq);
      return roomOf(context, roomId);
    },
    async muteRoom(_, { roomId, until }, context) {
      await context.services.readState.mute(context.viewer, roomId, until ?? null);
      return roomOf(context, roomId);
    },
    async unmuteRoom(_, { roomId }, context) {
      await context.services.readState.unmute(context.viewer, roomId);
      return roomOf(context, roomId);
    },
  },
  Room: {
    viewer: (room, _, { loaders }) => loaders.readState.ofRoom(room.id),
  },
  RoomViewer: {
    unreadCount: async ({ roomId }, _, { loaders }) => (await loaders.readState.unread(roomId))?.count ?? 0,
    async firstUnread({ roomId }, _, { loaders }) {
      const id = (await loaders.readState.unread(roomId))?.firstId ?? null;
      return id === null ? null : loaders.messages.byId(id);
    },
  },
};

async function roomOf(context: Context, roomId: string) {
  context.forget();
  return { room: await context.loaders.rooms.byId(roomId) };
}
