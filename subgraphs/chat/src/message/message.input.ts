import { badInput } from '@chorus/kit/errors';
import { readText } from '@chorus/kit/text';

const CLIENT_ID = /^[\x21-\x7e]{8,64}$/;

/** @throws GraphQLError BAD_USER_INPUT */
export function readClientId(clientId: string): string {
  if (!CLIENT_ID.test(clientId)) throw badInput('input.clientId', 'A clientId has 8 to 64 printable characters.');
  return clientId;
}

/** @throws GraphQLError BAD_USER_INPUT */
export const readMessageText = (text: string): string => readText('input.text', text, { min: 1, max: 4000 });
