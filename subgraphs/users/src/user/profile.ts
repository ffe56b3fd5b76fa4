import { badInput } from '@chorus/kit/errors';
import { readText } from '@chorus/kit/text';
import { verifyToken } from '@chorus/kit/tokens';
import { type AttachmentClaims, ATTACHMENT } from '@chorus/schema/claims';
import { z } from 'zod';

/** What people say of themselves, checked. All throw GraphQLError BAD_USER_INPUT; an empty text but the name is none. */

const MAX_LINK = 200;

/** One line without control characters, empty or with something to see. */
function readLine(field: string, value: string, limits: { min: number; max: number }): string {
  const line = readText(field, value, limits);
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(line)) throw badInput(field, 'Write one line, without control characters.');
  if (line !== '' && !/[\p{L}\p{N}\p{P}\p{S}]/u.test(line)) throw badInput(field, 'Write something that can be seen.');
  return line;
}

/** A display name. */
export const readName = (field: string, value: string): string => readLine(field, value, { min: 1, max: 80 });

export const readBio = (field: string, value: string): string | null =>
  readText(field, value, { min: 0, max: 500 }) || null;

export const readPronouns = (field: string, value: string): string | null =>
  readLine(field, value, { min: 0, max: 40 }) || null;

/** The address of a web page, as browsers write it. One with a user name in it could pass for another. */
export function readLink(field: string, value: string): string | null {
  const text = readLine(field, value, { min: 0, max: MAX_LINK });
  if (text === '') return null;
  const url = URL.parse(text);
  const isWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
  if (!isWeb || url.username !== '' || url.password !== '') {
    throw badInput(field, 'Give the whole address of a web page, beginning with https:// or http://.');
  }
  if (url.href.length > MAX_LINK) throw badInput(field, `Give an address of at most ${MAX_LINK} characters.`);
  return url.href;
}

const attachment = z.object({
  id: z.string(),
  owner: z.string(),
  kind: z.literal('image'),
}) satisfies z.ZodType<Pick<AttachmentClaims, 'id' | 'owner' | 'kind'>>;

/** The media id in an attachment token of this person's own. */
export async function readPicture(field: string, token: string, by: { key: string; owner: string }): Promise<string> {
  const claims = attachment.safeParse(await verifyToken(by.key, ATTACHMENT.typ, token));
  if (!claims.success || claims.data.owner !== by.owner) {
    throw badInput(field, 'This is not the attachment token of an image of yours, or it has expired.');
  }
  return claims.data.id;
}
