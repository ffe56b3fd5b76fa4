import { DateTime } from '@chorus/kit/scalars';
import type { Resolvers } from './__generated__/resolvers.ts';
import { liveResolvers } from './live/live.resolvers.ts';
import { memberResolvers } from './member/member.resolvers.ts';
import { messageResolvers } from './message/message.resolvers.ts';
import { presenceResolvers } from './presence/presence.resolvers.ts';
import { reactionResolvers } from './reaction/reaction.resolvers.ts';
import { roomResolvers } from './room/room.resolvers.ts';
import { typingResolvers } from './typing/typing.resolvers.ts';

export const resolvers: Resolvers = {
  DateTime,
  Query: roomResolvers.Query,
  Mutation: {
    ...roomResolvers.Mutation,
    ...memberResolvers.Mutation,
    ...messageResolvers.Mutation,
    ...reactionResolvers.Mutation,
    ...typingResolvers.Mutation,
  },
  Subscription: {
    ...liveResolvers.Subscription,
    ...presenceResolvers.Subscription,
    ...typingResolvers.Subscription,
  },
  Room: { ...roomResolvers.Room, ...memberResolvers.Room, ...messageResolvers.Room },
  RoomMemberEdge: memberResolvers.RoomMemberEdge,
  Message: { ...messageResolvers.Message, ...reactionResolvers.Message },
  MessageReaction: reactionResolvers.MessageReaction,
};
