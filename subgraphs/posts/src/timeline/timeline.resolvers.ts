import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';

export const timelineResolvers: Resolvers = {
  Query: {
    homeTimeline: (_, args, { viewer, loaders }) => loaders.timeline.home(requireUser(viewer), args),
  },
};
