import { createSubgraphClient, settle } from '@chorus/kit/testing';
import { type Viewer, VIEWER_HEADER } from '@chorus/kit/viewer';
import { afterEach, expect, test } from 'vitest';
import { someone, useChat } from './harness.ts';

const chat = useChat({ HEAD_CHECK_MS: '600000' });

interface Message {
  id?: string;
  type: string;
  payload?: { data?: unknown; extensions?: { tail?: string | null } };
}
let sockets: WebSocket[] = [];
afterEach(() => {
  sockets.forEach((socket) => socket.close());
  sockets = [];
});

/** One socket, as the router has it: with a subscription of each viewer. Collects what comes. */
async function open(viewers: readonly Viewer[], query: string, variables: object): Promise<Message[]> {
  const client = createSubgraphClient(chat.url());
  const extensions = await Promise.all(
    viewers.map(async (viewer) => ({ [VIEWER_HEADER]: await client.token(viewer), 'chorus-tails': true })),
  );
  const socket = new WebSocket(chat.url().replace(/^http/, 'ws'), 'graphql-transport-ws');
  sockets.push(socket);
  const came: Message[] = [];
  const send = (message: object) => socket.send(JSON.stringify(message));
  socket.addEventListener('open', () => send({ type: 'connection_init' }));
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.type !== 'connection_ack') {
      came.push(message);
      return;
    }
    viewers.forEach((_, n) =>
      send({ id: `op${n}`, type: 'subscribe', payload: { query, variables, extensions: extensions[n] } }),
    );
  });
  return came;
}

const EVENTS = (more = '') => `subscription ($roomId: ID!) { roomEvents(roomId: $roomId) {
  __typename ... on MessageCreated { cursor message { id seq text author { id } ${more} } } } }`;

test('a message in a busy room goes out once for all who ask the same, and its log is read once', async () => {
  const people = Array.from({ length: 20 }, () => someone());
  const [ann] = people as [ReturnType<typeof someone>];
  const { id: roomId } = await chat.createRoom(ann, people.slice(1));
  const came = await open(people, EVENTS(), { roomId });
  await settle(() => came.filter(({ payload }) => payload?.extensions?.tail != null).length === people.length);
  const tails = new Set(came.flatMap(({ payload }) => payload?.extensions?.tail ?? []));
  expect(tails.size).toBe(1);
  const before = came.length;
  const statements = await chat.statements.during(async () => {
    await chat.send(ann, roomId, 'To everybody');
    await settle(() => came.length > before);
  });
  expect(came.slice(before).map(({ id }) => id)).toEqual([...tails]);
  expect(statements.filter((statement) => statement.includes('room_event.seq >'))).toHaveLength(1);
});

test('what reads its viewer is everybody’s own', async () => {
  const people = [someone(), someone()] as const;
  const { id: roomId } = await chat.createRoom(people[0], [people[1]]);
  const came = await open(people, EVENTS('reactions { edges { node { viewerHasReacted } } }'), { roomId });
  await settle(async () => {
    await chat.send(people[0], roomId, 'To each');
    return new Set(came.map(({ id }) => id)).size === people.length;
  });
  expect(came.filter(({ payload }) => payload?.extensions?.tail !== undefined)).toEqual([]);
});
