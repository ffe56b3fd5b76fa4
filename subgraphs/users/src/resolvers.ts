import { DateTime } from '@chorus/kit/scalars';
import type { Resolvers } from './__generated__/resolvers.ts';
import { accountResolvers } from './account/account.resolvers.ts';
import { followResolvers } from './follow/follow.resolvers.ts';
import { identityResolvers } from './identity/identity.resolvers.ts';
import { sessionResolvers } from './session/session.resolvers.ts';
import { notificationResolvers } from './notification/notification.resolvers.ts';
import { resetResolvers } from './reset/reset.resolvers.ts';
import { stepUpResolvers } from './step-up/step-up.resolvers.ts';
import { verificationResolvers } from './verification/verification.resolvers.ts';
import { nodeResolvers } from './node/node.resolvers.ts';
import { relationResolvers } from './relation/relation.resolvers.ts';
import { searchResolvers } from './search/search.resolvers.ts';
import { suggestionResolvers } from './suggestion/suggestion.resolvers.ts';
import { userResolvers } from './user/user.resolvers.ts';

export const resolvers: Resolvers = {
  ...accountResolvers,
  ...followResolvers,
  ...nodeResolvers,
  ...notificationResolvers,
  ...relationResolvers,
  ...searchResolvers,
  ...suggestionResolvers,
  ...sessionResolvers,
  DateTime,
  Query: {
    ...accountResolvers.Query,
    ...userResolvers.Query,
    ...nodeResolvers.Query,
    ...relationResolvers.Query,
    ...searchResolvers.Query,
    ...suggestionResolvers.Query,
    ...sessionResolvers.Query,
    ...identityResolvers.Query,
    ...notificationResolvers.Query,
  },
  Mutation: {
    ...accountResolvers.Mutation,
    ...userResolvers.Mutation,
    ...followResolvers.Mutation,
    ...relationResolvers.Mutation,
    ...sessionResolvers.Mutation,
    ...resetResolvers.Mutation,
    ...stepUpResolvers.Mutation,
    ...verificationResolvers.Mutation,
    ...identityResolvers.Mutation,
    ...notificationResolvers.Mutation,
  },
  User: { ...userResolvers.User, ...followResolvers.User, ...relationResolvers.User },
};
