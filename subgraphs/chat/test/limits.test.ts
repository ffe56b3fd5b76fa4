import { newId } from '@chorus/kit/ids';
import { createSubgraphClient } from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import { LIMITS } from '@chorus/schema/limits';
import { expect, test } from 'vitest';
import { ACT, CREATE, INVITE, JOIN, key, SEND, someone, useChat } from './harness.ts';

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

const [userId, roomId, postId] = ['usr', 'rom', 'pst'].map(newId);
test.each([
  [
    'updateRoom',
    'mutation ($input: UpdateRoomInput!) { updateRoom(input: $input) { room { id } } }',
    { input: { roomId, name: 'x' } },
  ],
  ['joinRoom', JOIN, { roomId }],
  ['answerInvitation', 'mutation ($roomId: ID!) { acceptInvitation(roomId: $roomId) { room { id } } }', { roomId }],
  ['moderateRoom', ACT('banFromRoom'), { roomId, userId }],
  ['openDirectRoom', 'mutation ($userId: ID!) { openDirectRoom(userId: $userId) { room { id } } }', { userId }],
  ['answerRequest', 'mutation ($roomId: ID!) { acceptMessageRequest(roomId: $roomId) { room { id } } }', { roomId }],
  ['openPostRoom', 'mutation ($postId: ID!) { openPostRoom(postId: $postId) { room { id } } }', { postId }],
] as const)('%s has its limit also for what comes to nothing', async (name, document, variables) => {
  const { count } = LIMITS.chat[name].viewer;
  const ada = someone();
  const client = createSubgraphClient(chat.url());
  const limited = async (viewer: Viewer) => {
    const answers = await Promise.all(Array.from({ length: count + 5 }, () => client.ask(viewer, document, variables)));
    return answers.filter(({ errors }) => errors?.[0]?.extensions?.['code'] === 'RATE_LIMITED').length;
  };
  expect(await limited(ada)).toBe(5);
  expect(await limited({ ...ada, service: 'importer' })).toBe(0);
});
