import { settle, startWay, type Way } from '@chorus/kit/testing';
import {
  AcceptInvitationDocument,
  type Chorus,
  createChorus,
  CreateRoomDocument,
  type LiveRoom,
  ProvisionUsersDocument,
  RoomSnapshotDocument,
  SendMessageDocument,
  SignUpDocument,
  viewOf,
} from '@chorus/sdk';
import { afterAll, expect } from 'vitest';
import { usePrivateStack } from './private-stack.ts';
import { verified } from './verified.ts';

export interface Person {
  id: string;
  client: Chorus;
  /** Between the client and the router. */
  way: Way;
}

let keys = 0;
/** A new idempotency key or clientId. */
export const key = () => `live-room-${++keys}`;

/** A stack of its own that keeps 50 events of a room, and people who act by a service account, each over their own way. */
export function useRooms() {
  const system = usePrivateStack({ chat: { EVENT_RETENTION_COUNT: '50' } });
  const stops: (() => unknown)[] = [];
  let people = 0;
  afterAll(async () => {
    for (const stop of stops) await stop();
  });

  const connect = async (id: string, token: string, headers: Record<string, string>): Promise<Person> => {
    const way = await startWay(system.stack.urls.graphql);
    const client = createChorus({ url: way.url, token, headers, timeoutMs: 5000 });
    stops.unshift(() => way.stop());
    stops.unshift(() => client.close());
    return { id, client, way };
  };

  return {
    somebody: async (): Promise<Person> => {
      const handle = `room_${++people}`;
      const { graphql } = system.stack.urls;
      const token = system.stack.serviceToken;
      const importer = createChorus({ url: graphql, token });
      const { provisionUsers } = await importer.request(ProvisionUsersDocument, { input: [{ handle, name: handle }] });
      const id = provisionUsers?.users?.[0]?.id ?? '';
      return connect(id, token, { 'chorus-act-as': id });
    },
    /** Somebody who acts for themselves, and so can be a stranger to others. */
    stranger: async (): Promise<Person> => {
      const handle = `stranger_${++people}`;
      const email = `${handle}@example.test`;
      const visitor = createChorus({ url: system.stack.urls.graphql });
      const input = { handle, name: handle, email, password: 'correct horse battery' };
      const { signUp } = await visitor.request(SignUpDocument, { input });
      if (signUp?.__typename !== 'Session') throw new Error(`no session but ${signUp?.__typename}`);
      return connect(signUp.user?.id ?? '', await verified(system.stack, email, signUp.accessToken), {});
    },
  };
}

export async function createRoom(owner: Person, ...members: Person[]): Promise<string> {
  const input = { name: 'A room', memberIds: members.map(({ id }) => id), idempotencyKey: key() };
  const { createRoom: created } = await owner.client.request(CreateRoomDocument, { input });
  const roomId = created?.room?.id ?? '';
  for (const { client } of members) await client.request(AcceptInvitationDocument, { roomId });
  return roomId;
}

/** Sends without a room being held. */
export async function say({ client }: Person, roomId: string, text: string): Promise<string> {
  const { sendMessage } = await client.request(SendMessageDocument, { input: { roomId, text, clientId: key() } });
  return sendMessage?.message?.id ?? '';
}

export const hold = (person: Person, roomId: string) => {
  const seqs: number[] = [];
  const room = person.client.subscribeRoom(roomId, {
    backoff: { baseMs: 50, maxMs: 500 },
    keep: 100,
    onEvent: ({ seq }) => seqs.push(seq),
  });
  return { room, seqs };
};
export const isLive = (room: LiveRoom) =>
  settle(() => room.state.connection.status === 'live', { what: 'a live room' });
export const texts = ({ state }: LiveRoom) => state.messages.map(({ text }) => text);

/** Waits until the room is where the server is, and expects that nothing in it differs from a fresh query. */
export async function expectFresh(person: Person, roomId: string, room: LiveRoom): Promise<void> {
  const fresh = await settle(async () => {
    const last = Math.max(room.state.messages.length, 1);
    const { room: found, me } = await person.client.request(RoomSnapshotDocument, { roomId, last });
    // Meanwhile an event may have come: then this was another question.
    if (last !== Math.max(room.state.messages.length, 1)) return null;
    return found && found.lastSeq === room.state.lastSeq ? viewOf(found, me?.id ?? null) : null;
  });
  const { room: info, members, messages, hasOlder, lastSeq } = room.state;
  expect({ room: info, members, messages, hasOlder, lastSeq }).toEqual({
    room: fresh.room,
    members: fresh.members,
    messages: fresh.messages,
    hasOlder: fresh.hasOlder,
    lastSeq: fresh.lastSeq,
  });
}
