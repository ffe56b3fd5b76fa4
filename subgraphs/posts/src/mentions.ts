import { badInput } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';

const MAX_MENTIONS = 20;

/**
 * The people whom a text mentions, each once, in their order. Handles are for users to know: the client found the ids.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readMentions(field: string, ids: readonly string[] | null | undefined): string[] {
  const distinct = [...new Set(ids)];
  if (distinct.length > MAX_MENTIONS) throw badInput(field, `Mention at most ${MAX_MENTIONS} people.`);
  if (!distinct.every((id) => isId('usr', id))) throw badInput(field, 'Mention people by their ids.');
  return distinct;
}
