import { raw } from '@chorus/kit/sql';
import { z } from 'zod';
import type { Media } from '../__generated__/prisma/client.ts';

/** A row, and the `ref` that led the viewer to it: an id or a grant. */
export type MediaRow = Media & { ref: string };

/** Selects a Media from its table. */
export const mediaColumns = raw(`id, owner_id as "ownerId", state::text as state, is_public as "isPublic", sha256, size,
  width, height, thumb_hash as "thumbHash", variants, reason, stored, attempts, available_at as "availableAt",
  created_at as "createdAt"`);

/** What the column `variants` holds. */
const variants = z.array(
  z.object({
    width: z.number(),
    height: z.number(),
    /** Bytes. */
    size: z.number(),
    /** Of the content; without quotes. */
    etag: z.string(),
  }),
);
export type Variant = z.output<typeof variants>[number];

/** The variants of a row, smallest first; empty until READY. */
export const variantsOf = (row: Pick<Media, 'variants'>): Variant[] => variants.parse(row.variants);

/** Where a variant is served, on the public origin. */
export const variantPath = (id: string, width: number): string => `/media/${id}/${width}.webp`;

/** Where the store keeps things. */
export const originalKey = (id: string): string => `originals/${id}`;
export const variantPrefix = (id: string): string => `variants/${id}/`;
export const variantKey = (id: string, width: number): string => `${variantPrefix(id)}${width}.webp`;
