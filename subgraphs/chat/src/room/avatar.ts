import type { Context } from '../context.ts';

/** Whoever sees the room sees its picture: the grant tells media so, for this viewer. */
export async function pictureOf(id: string | null, { viewer, grant }: Pick<Context, 'viewer' | 'grant'>) {
  return id === null ? null : { ref: await grant({ id, viewer: viewer.userId }) };
}
