import { GraphQLUpload } from 'graphql-upload-minimal';
import type { MutationResolvers } from '../__generated__/resolvers.ts';

export const uploadResolvers: { Upload: typeof GraphQLUpload; Mutation: MutationResolvers } = {
  Upload: GraphQLUpload,
  Mutation: {
    uploadMedia: (_root, { file, idempotencyKey }, context) => context.uploads.upload(context, file, idempotencyKey),
  },
};
