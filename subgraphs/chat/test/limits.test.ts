import { createSubgraphClient } from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import { LIMITS } from '@chorus/schema/limits';
import { expect, test } from 'vitest';
import { CREATE, INVITE, key, SEND, someone, useChat } from './harness.ts';

const chat = useChat();

/** How many of so many at once were done; all others must be refused for their rate. */
async function done(count: number, viewer: Viewer, document: string, variables: () => Record<string, unknown>) {
  const client = createSubgraphClient(chat.url());
  const answers = await Promise.all(Array.from({ length: count }, () => client.ask(viewer, document, variables())));
  const codes = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.['code']) ?? []);
  expect(codes).toEqual(codes.map(() => 'RATE_LIMITED'));
  return count - codes.length;
}

test.each([
  ['createRoom', CREATE, () => ({ input: { name: 'Another', memberIds: [], idempotencyKey: key() } })],
  ['inviteToRoom', INVITE, (roomId: string) => ({ roomId, userIds: [someone().userId] })],
  ['sendMessage', SEND, (roomId: string) => ({ input: { roomId, text: 'Again', clientId: key() } })],
] as const)('%s has its limit, by person, and service accounts have theirs', async (name, document, variables) => {
  const { count } = LIMITS.chat[name].viewer;
  const [ada, ben] = [someone(), someone()];
  const room = await chat.createRoom({ ...ada, service: 'importer' }, [ben]);
  expect(await done(count + 5, ada, document, () => variables(room.id))).toBe(count);
  expect(await done(5, ben, document, () => variables(room.id))).toBe(5);
  expect(await done(5, { ...ada, service: 'importer' }, document, () => variables(room.id))).toBe(5);
});
