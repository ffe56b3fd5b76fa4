import { DateTime } from '@chorus/kit/scalars';
import type { Resolvers } from './__generated__/resolvers.ts';
import { directResolvers } from './direct/direct.resolvers.ts';
import { invitationResolvers } from './invitation/invitation.resolvers.ts';
import { inboxResolvers } from './inbox/inbox.resolvers.ts';
import { liveResolvers } from './live/live.resolvers.ts';
import { memberResolvers } from './member/member.resolvers.ts';
import { messageResolvers } from './message/message.resolvers.ts';
import { presenceResolvers } from './presence/presence.resolvers.ts';
import { reactionResolvers } from './reaction/reaction.resolvers.ts';
import { readStateResolvers } from './read-state/read-state.resolvers.ts';
import { roomResolvers } from './room/room.resolvers.ts';
import { searchResolvers } from './search/search.resolvers.ts';
import { typingResolvers } from './typing/typing.resolvers.ts';

export const resolvers: Resolvers = {
  DateTime,
  Query: {
    ...roomResolvers.Query,
    ...directResolvers.Query,
    ...invitationResolvers.Query,
    ...readStateResolvers.Query,
    ...searchResolvers.Query,
  },
  Mutation: {
    ...roomResolvers.Mutation,
    ...directResolvers.Mutation,
    ...invitationResolvers.Mutation,
    ...memberResolvers.Mutation,
    ...messageResolvers.Mutation,
    ...reactionResolvers.Mutation,
    ...readStateResolvers.Mutation,
    ...typingResolvers.Mutation,
  },
  Subscription: {
    ...liveResolvers.Subscription,
    ...inboxResolvers.Subscription,
    ...presenceResolvers.Subscription,
    ...typingResolvers.Subscription,
  },
  InboxEvent: inboxResolvers.InboxEvent,
  Room: {
    ...roomResolvers.Room,
    ...directResolvers.Room,
    ...memberResolvers.Room,
    ...messageResolvers.Room,
    ...readStateResolvers.Room,
  },
  RoomInvitation: invitationResolvers.RoomInvitation,
  RoomMemberEdge: memberResolvers.RoomMemberEdge,
  RoomBanEdge: memberResolvers.RoomBanEdge,
  Post: roomResolvers.Post,
  Message: { ...messageResolvers.Message, ...reactionResolvers.Message },
  RoomViewer: readStateResolvers.RoomViewer,
  MessageReaction: reactionResolvers.MessageReaction,
};
