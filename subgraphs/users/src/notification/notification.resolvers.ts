import { readPage } from '@chorus/kit/connections';
import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';
import { eventCursors, notificationCursors } from './notification.loaders.ts';
import type { NotificationEventModel } from './notification.model.ts';
import { notificationTypes } from './notification.service.ts';

type Type = keyof typeof notificationTypes;
const types = Object.keys(notificationTypes) as Type[];

const settings = async ({ loaders }: Context) => {
  const off = await loaders.notifications.off();
  return types.map((type) => ({ type, enabled: !off.includes(type) }));
};

const marked = async (context: Context) => {
  context.written();
  return { unseenCount: await context.loaders.notifications.unseen() };
};

export const notificationResolvers: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'Subscription' | 'Notification' | 'NotificationConnection' | 'NotificationEdge'
> = {
  Query: {
    async notifications(_, args, { viewer, loaders }) {
      const userId = requireUser(viewer);
      const page = readPage(args, notificationCursors);
      return { userId, page, position: await loaders.notifications.position() };
    },
    notificationSettings: (_, __, context) => {
      requireUser(context.viewer);
      return settings(context);
    },
  },
  Mutation: {
    async markNotificationsSeen(_, { until }, context) {
      await context.notifications.markSeen(context.viewer, until);
      return marked(context);
    },
    async markNotificationsRead(_, { ids }, context) {
      await context.notifications.markRead(context.viewer, ids);
      return marked(context);
    },
    async markAllNotificationsRead(_, { until }, context) {
      await context.notifications.markAllRead(context.viewer, until);
      return marked(context);
    },
    async setNotifications(_, { type, enabled }, context) {
      await context.notifications.set(context.viewer, type, enabled);
      return { settings: await settings(context) };
    },
  },
  Subscription: {
    notifications: {
      subscribe(_, { after }, context) {
        const userId = requireUser(context.viewer);
        return context.streamNotifications({
          userId,
          after: after == null ? null : eventCursors(userId).decode(after),
        });
      },
      resolve: (event: NotificationEventModel) => event,
    },
  },
  Notification: {
    __resolveReference: ({ id }, { loaders }) => loaders.notifications.byId.load(id),
    nodeId: ({ id }) => id,
    // Gone since the notification was read: left out, as the next reader sees it.
    actors: async ({ actorIds }, _, { loaders }) =>
      (await Promise.all(named(actorIds).map((id) => loaders.users.byId.load(id)))).filter((user) => user !== null),
    actorCount: ({ actorIds, actorCount }) => (named(actorIds).length === 0 ? 0 : actorCount),
    post: ({ postId }) => (postId === null ? null : { nodeId: postId }),
    comment: ({ commentId }) => (commentId === null ? null : { nodeId: commentId }),
    room: ({ type, targetId }) => (type === 'MESSAGE_REQUEST' ? { nodeId: targetId } : null),
  },
  NotificationConnection: {
    edges: async ({ page }, _, { loaders }) => (await loaders.notifications.page(page)).edges,
    pageInfo: async ({ page }, _, { loaders }) => (await loaders.notifications.page(page)).pageInfo,
    unseenCount: (_, __, { loaders }) => loaders.notifications.unseen(),
    eventCursor: ({ userId, position }) => eventCursors(userId).encode(position),
  },
  NotificationEdge: {
    node: ({ notification }) => notification,
  },
};

const named = (actorIds: readonly string[]): string[] => actorIds.filter((id) => id !== '');
