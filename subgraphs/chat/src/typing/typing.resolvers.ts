import { notFound } from '@chorus/kit/errors';
import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { TypingSignal } from './typing.service.ts';

export const typingResolvers: Resolvers = {
  Mutation: {
    async setTyping(_, { roomId, isTyping }, context) {
      await context.services.typing.set(context, roomId, isTyping ?? true);
      return { roomId };
    },
  },
  Subscription: {
    typing: {
      async subscribe(_, { roomId }, { viewer, services }) {
        const viewerId = requireUser(viewer);
        const stream = await services.watchTyping({ roomId, viewerId });
        if (stream === null) throw notFound('This room', 'roomId');
        return stream;
      },
      resolve: ({ userId, isTyping }: TypingSignal) => ({ user: { id: userId }, isTyping }),
    },
  },
};
