import { ATTACHMENT } from '@chorus/schema/claims';
import { z } from 'zod';
import { badInput } from './errors.ts';
import { verifyToken } from './tokens.ts';

const claims = z.object({ id: z.string(), owner: z.string(), kind: z.literal('image'), size: z.number() });

/**
 * The media ids that attachment tokens stand for, in their order.
 * @param owner the only one whose uploads are accepted
 * @param max tokens
 * @throws GraphQLError BAD_USER_INPUT
 */
export async function readAttachments(
  key: string,
  { field, tokens, owner, max }: { field: string; tokens: readonly string[]; owner: string; max: number },
): Promise<string[]> {
  if (tokens.length > max) throw badInput(field, `Attach at most ${max} pictures.`);
  const ids = await Promise.all(
    tokens.map(async (token) => {
      const claim = claims.safeParse(await verifyToken(key, ATTACHMENT.typ, token));
      if (!claim.success || claim.data.owner !== owner) {
        throw badInput(
          field,
          'Attach what you uploaded yourself, with the token that the upload returned in the last day.',
        );
      }
      return claim.data.id;
    }),
  );
  if (new Set(ids).size < ids.length) throw badInput(field, 'Attach each picture once.');
  return ids;
}
