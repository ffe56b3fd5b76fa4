import { requireUser } from '@chorus/kit/viewer';
import { GraphQLUpload } from 'graphql-upload-minimal';
import type { MutationResolvers } from '../__generated__/resolvers.ts';

export const uploadResolvers: { Upload: typeof GraphQLUpload; Mutation: MutationResolvers } = {
  Upload: GraphQLUpload,
  Mutation: {
    uploadMedia: (_root, { file, idempotencyKey }, { viewer, uploads }) =>
      uploads.upload(requireUser(viewer), file, idempotencyKey),
  },
};
