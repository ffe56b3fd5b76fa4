import { isId } from '@chorus/kit/ids';
import type { MediaResolvers, QueryResolvers } from '../__generated__/resolvers.ts';
import { variantPath, variantsOf } from './media.model.ts';

const DEFAULT_WIDTH = 1280;

export const mediaResolvers: { Query: QueryResolvers; Media: MediaResolvers } = {
  Query: {
    // A grant is for references alone: here only the owner or everybody.
    media: (_root, { id }, { mediaByRef }) => (isId('med', id) ? mediaByRef.load(id) : null),
  },
  Media: {
    __resolveReference: ({ ref }, { mediaByRef }) => mediaByRef.load(ref),
    owner: (media) => ({ __typename: 'User', id: media.ownerId }),
    variants: (media) =>
      variantsOf(media).map(({ width, height, size }) => ({ width, height, size, url: variantPath(media.id, width) })),
    url(media, { width }) {
      const variants = variantsOf(media);
      const variant = variants.find((one) => one.width >= (width ?? DEFAULT_WIDTH)) ?? variants.at(-1);
      return variant === undefined ? null : variantPath(media.id, variant.width);
    },
  },
};
