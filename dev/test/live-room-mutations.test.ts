/** A room held while something is done to it equals a fresh query after it, for each mutation that chat has. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { settle } from '@chorus/kit/testing';
import {
  AcceptInvitationDocument,
  AcceptMessageRequestDocument,
  BanFromRoomDocument,
  ChangeRoomRoleDocument,
  CreatePostDocument,
  CreateRoomDocument,
  DeclineMessageRequestDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  InviteToRoomDocument,
  JoinRoomDocument,
  LeaveRoomDocument,
  MarkRoomReadDocument,
  MuteRoomDocument,
  OpenDirectRoomDocument,
  OpenPostRoomDocument,
  ReactToMessageDocument,
  RemoveFromRoomDocument,
  RemoveReactionDocument,
  SendMessageDocument,
  TransferRoomDocument,
  TypedDocumentString,
  UnbanFromRoomDocument,
  UnmuteRoomDocument,
  UpdateRoomDocument,
} from '@chorus/sdk';
import { Kind, parse } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from '../src/layout.ts';
import { createRoom, expectFresh, hold, isLive, key, type Person, say, useRooms } from './live-room-fixture.ts';

const { somebody, stranger } = useRooms();
let ada: Person;
let bob: Person;
let cem: Person;
/** Nobody follows her. */
let eva: Person;
beforeAll(async () => {
  [ada, bob, cem, eva] = [await somebody(), await somebody(), await somebody(), await stranger()];
});

/** A room, and a message in it. */
interface Scene {
  roomId: string;
  messageId: string;
}
/** Opens a room and says something in it; somebody holds it then. Without one it is a group of Ada's. */
type Setting = () => Promise<Scene & { holder: Person }>;

const inRoom = (create: () => Promise<string>) => async () => {
  const roomId = await create();
  return { roomId, messageId: await say(bob, roomId, 'Something'), holder: ada };
};
/** Ada's, of which Bob is a member and Cem is not, and in which Bob has said something. */
const group = inRoom(() => createRoom(ada, bob));
const publicRoom = inRoom(async () => {
  const input = { name: 'For anybody', isPublic: true, idempotencyKey: key() };
  const { createRoom: created } = await ada.client.request(CreateRoomDocument, { input });
  const roomId = created?.room?.id ?? '';
  await bob.client.request(JoinRoomDocument, { roomId });
  return roomId;
});
const postRoom = inRoom(async () => {
  const { createPost } = await ada.client.request(CreatePostDocument, {
    input: { text: 'A post', idempotencyKey: key() },
  });
  const postId = createPost?.post?.id ?? '';
  // Chat hears of it a moment later.
  const roomId = await settle(() => openPostRoom(ada, postId).catch(() => null));
  posts.set(roomId, postId);
  for (const { client } of [ada, bob]) await client.request(JoinRoomDocument, { roomId });
  return roomId;
});
/** By the room about it. */
const posts = new Map<string, string>();
const openPostRoom = async ({ client }: Person, postId: string) =>
  (await client.request(OpenPostRoomDocument, { postId })).openPostRoom?.room?.id;
/** Of Eva to somebody who does not know her. */
const request =
  (to: () => Person): Setting =>
  async () => {
    const { openDirectRoom } = await eva.client.request(OpenDirectRoomDocument, { userId: to().id });
    const roomId = openDirectRoom?.room?.id ?? '';
    return { roomId, messageId: await say(eva, roomId, 'Hello?'), holder: eva };
  };

const SetTyping = new TypedDocumentString<unknown, { roomId: string }>(
  'mutation ($roomId: ID!) { setTyping(roomId: $roomId, isTyping: true) { __typename } }',
);
const DeclineInvitation = new TypedDocumentString<unknown, { roomId: string }>(
  'mutation ($roomId: ID!) { declineInvitation(roomId: $roomId) { __typename } }',
);
const act = { messageId: '', emoji: '👍' };
/** For each mutation, those who do it and how: at least one event of the room comes of it, unless it says none. */
const CASES: Record<string, { events?: 0; setting?: Setting; run: (scene: Scene) => Promise<unknown> }> = {
  createRoom: {
    events: 0, // of another room
    run: () => bob.client.request(CreateRoomDocument, { input: { name: 'Another', idempotencyKey: key() } }),
  },
  inviteToRoom: {
    events: 0, // until the invitation is accepted
    run: ({ roomId }) => bob.client.request(InviteToRoomDocument, { roomId, userIds: [cem.id, ada.id] }),
  },
  acceptInvitation: {
    async run({ roomId }) {
      await bob.client.request(InviteToRoomDocument, { roomId, userIds: [cem.id] });
      await cem.client.request(AcceptInvitationDocument, { roomId });
    },
  },
  declineInvitation: {
    events: 0,
    async run({ roomId }) {
      await bob.client.request(InviteToRoomDocument, { roomId, userIds: [cem.id] });
      await cem.client.request(DeclineInvitation, { roomId });
    },
  },
  joinRoom: { setting: publicRoom, run: ({ roomId }) => cem.client.request(JoinRoomDocument, { roomId }) },
  openPostRoom: {
    setting: postRoom,
    async run({ roomId }) {
      // The one that there is, and nobody's event; who then comes in is.
      expect(await openPostRoom(cem, posts.get(roomId) ?? '')).toBe(roomId);
      await cem.client.request(JoinRoomDocument, { roomId });
    },
  },
  acceptMessageRequest: {
    setting: request(() => cem),
    run: ({ roomId }) => cem.client.request(AcceptMessageRequestDocument, { roomId }),
  },
  declineMessageRequest: {
    setting: request(() => bob),
    events: 0, // the sender is not told
    run: ({ roomId }) => bob.client.request(DeclineMessageRequestDocument, { roomId }),
  },
  openDirectRoom: { events: 0, run: () => bob.client.request(OpenDirectRoomDocument, { userId: cem.id }) },
  updateRoom: {
    run: ({ roomId }) => ada.client.request(UpdateRoomDocument, { input: { roomId, name: 'Another name' } }),
  },
  removeFromRoom: { run: ({ roomId }) => ada.client.request(RemoveFromRoomDocument, { roomId, userId: bob.id }) },
  banFromRoom: { run: ({ roomId }) => ada.client.request(BanFromRoomDocument, { roomId, userId: bob.id }) },
  unbanFromRoom: {
    async run({ roomId }) {
      await ada.client.request(BanFromRoomDocument, { roomId, userId: bob.id });
      await ada.client.request(UnbanFromRoomDocument, { roomId, userId: bob.id });
    },
  },
  changeRoomRole: {
    run: ({ roomId }) => ada.client.request(ChangeRoomRoleDocument, { roomId, userId: bob.id, role: 'ADMIN' }),
  },
  transferRoom: { run: ({ roomId }) => ada.client.request(TransferRoomDocument, { roomId, userId: bob.id }) },
  leaveRoom: { run: ({ roomId }) => bob.client.request(LeaveRoomDocument, { roomId }) },
  sendMessage: {
    run: ({ roomId, messageId }) =>
      bob.client.request(SendMessageDocument, {
        input: { roomId, text: 'Hello', replyToId: messageId, mentionIds: [ada.id], clientId: key() },
      }),
  },
  editMessage: {
    run: ({ messageId }) =>
      bob.client.request(EditMessageDocument, {
        input: { messageId, text: 'Changed', mentionIds: [ada.id], clientId: key() },
      }),
  },
  deleteMessage: { run: ({ messageId }) => ada.client.request(DeleteMessageDocument, { messageId }) },
  reactToMessage: {
    run: async ({ messageId }) => {
      await ada.client.request(ReactToMessageDocument, { ...act, messageId });
      await bob.client.request(ReactToMessageDocument, { ...act, messageId });
    },
  },
  removeReaction: {
    run: async ({ messageId }) => {
      await ada.client.request(ReactToMessageDocument, { ...act, messageId });
      await bob.client.request(ReactToMessageDocument, { ...act, messageId });
      await ada.client.request(RemoveReactionDocument, { ...act, messageId });
    },
  },
  // Who types, and what a member has read and mutes, is no event.
  setTyping: { events: 0, run: ({ roomId }) => ada.client.request(SetTyping, { roomId }) },
  markRoomRead: { events: 0, run: ({ roomId }) => ada.client.request(MarkRoomReadDocument, { roomId, seq: 3 }) },
  muteRoom: { events: 0, run: ({ roomId }) => ada.client.request(MuteRoomDocument, { roomId }) },
  unmuteRoom: { events: 0, run: ({ roomId }) => ada.client.request(UnmuteRoomDocument, { roomId }) },
};

const schema = parse(readFileSync(path.join(ROOT, 'schema/chat.graphql'), 'utf8'));
const mutations = schema.definitions.flatMap((definition) =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === 'Mutation'
    ? (definition.fields ?? []).map(({ name }) => name.value)
    : [],
);

test('every mutation of chat has its case', () => {
  expect(Object.keys(CASES).toSorted()).toEqual(mutations.toSorted());
});

test.each(Object.entries(CASES))(
  '%s: a snapshot and the events after it equal a fresh query',
  async (_, { events, setting, run }) => {
    const { holder, ...scene } = await (setting ?? group)();
    const { room, seqs } = hold(holder, scene.roomId);
    await isLive(room);
    await run(scene);
    await expectFresh(holder, scene.roomId, room);
    expect(seqs.length).toBeGreaterThanOrEqual(events ?? 1);
    // By events alone.
    expect(room.diagnostics).toMatchObject({ snapshots: 1, gaps: 0, duplicates: 0 });
    room.close();
  },
);
