import { Connection } from '../harness/connection.ts';
import type { Chorus } from './world.ts';

/** What everybody in the room asks for; peers answer the same. */
export const QUERY = `subscription ($roomId: ID!) { roomEvents(roomId: $roomId) {
  __typename ... on MessageCreated { cursor message { id seq text author { id name } } } } }`;

const ADDED_AT_ONCE = 100;

/** Those that carry no request now: each is used again. */
const idle = new Map<number, Connection[]>();

/** Asks as somebody, through the router. @throws Error with what it answered */
export async function ask<Data>(
  chorus: Chorus,
  userId: string | null,
  query: string,
  variables: object,
): Promise<Data> {
  const free = idle.get(chorus.port)?.filter(({ broken }) => !broken) ?? [];
  idle.set(chorus.port, free);
  const connection = free.pop() ?? new Connection(chorus.port);
  const body = JSON.stringify({ query, variables });
  const headers = Object.entries({ ...chorus.headers, ...(userId !== null && { 'chorus-act-as': userId }) });
  const { body: answer } = await connection.send(
    `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${chorus.port}\r\ncontent-type: application/json\r\n${headers
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  idle.get(chorus.port)?.push(connection);
  const { data, errors } = JSON.parse(answer.toString()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors).slice(0, 500));
  return data;
}

/** People who exist. */
export async function people(chorus: Chorus, prefix: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += ADDED_AT_ONCE) {
    const input = Array.from({ length: Math.min(ADDED_AT_ONCE, count - from) }, (_, n) => ({
      handle: `${prefix}.${from + n}`,
      name: `Person ${from + n}`,
    }));
    const { provisionUsers } = await ask<{ provisionUsers: { users: { id: string }[] } }>(
      chorus,
      null,
      'mutation ($input: [ProvisionUserInput!]!) { provisionUsers(input: $input) { users { id } } }',
      { input },
    );
    ids.push(...provisionUsers.users.map(({ id }) => id));
  }
  return ids;
}

/** A room with these members, of whom the first owns it. */
export async function createRoom(chorus: Chorus, members: readonly string[]): Promise<string> {
  const [owner = '', ...others] = members;
  const input = { name: 'Everybody', memberIds: others.slice(0, ADDED_AT_ONCE), idempotencyKey: `bench-${owner}` };
  const { createRoom: created } = await ask<{ createRoom: { room: { id: string } } }>(
    chorus,
    owner,
    'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id } } }',
    { input },
  );
  const roomId = created.room.id;
  for (let from = ADDED_AT_ONCE; from < others.length; from += ADDED_AT_ONCE) {
    const userIds = others.slice(from, from + ADDED_AT_ONCE);
    const INVITE =
      'mutation ($roomId: ID!, $userIds: [ID!]!) { inviteToRoom(roomId: $roomId, userIds: $userIds) { room { id } } }';
    await ask(chorus, owner, INVITE, { roomId, userIds });
  }
  return roomId;
}
