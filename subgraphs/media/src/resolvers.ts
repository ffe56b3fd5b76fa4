import { DateTime } from '@chorus/kit/scalars';
import type { Resolvers } from './__generated__/resolvers.ts';
import { mediaResolvers } from './media/media.resolvers.ts';
import { uploadResolvers } from './upload/upload.resolvers.ts';

export const resolvers: Resolvers = { DateTime, ...mediaResolvers, ...uploadResolvers };
