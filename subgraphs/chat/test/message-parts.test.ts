import { newId } from '@chorus/kit/ids';
import { testKeys } from '@chorus/kit/testing';
import { signToken, verifyToken } from '@chorus/kit/tokens';
import type { Viewer } from '@chorus/kit/viewer';
import { ATTACHMENT, GRANT } from '@chorus/schema/claims';
import { beforeAll, expect, test } from 'vitest';
import { key, LEAVE, type Message, type Room, SEND, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob, eve] = [someone(), someone(), someone()];
let room: Room;
beforeAll(async () => {
  room = await chat.createRoom(ada, [bob]);
});

interface Parts extends Message {
  attachments: { ref: string }[];
  attachmentCount: number;
  replyTo: { id: string; text: string } | null;
  replyToId: string | null;
  mentions: { id: string }[];
}
const FIELDS = 'id seq text attachments { ref } attachmentCount replyToId replyTo { id text } mentions { id }';
const SEND_PARTS = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { ${FIELDS} } } }`;
const EDIT = `mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { ${FIELDS} } } }`;
const DELETE = `mutation ($messageId: ID!) { deleteMessage(messageId: $messageId) { message { ${FIELDS} } } }`;
const send = async (viewer: Viewer, input: object) => {
  const whole = { roomId: room.id, text: 'text', clientId: key(), ...input };
  return (await chat.ask<{ sendMessage: { message: Parts } }>(viewer, SEND_PARTS, { input: whole })).sendMessage
    .message;
};
const refused = (viewer: Viewer, input: object) =>
  chat.refusal(viewer, SEND, { input: { roomId: room.id, text: 'text', clientId: key(), ...input } });
const edit = async (viewer: Viewer, messageId: string, input: object) => {
  const whole = { messageId, clientId: key(), ...input };
  return (await chat.ask<{ editMessage: { message: Parts } }>(viewer, EDIT, { input: whole })).editMessage.message;
};
const attachment = (owner: string, id = newId('med'), { signedBy = testKeys.attachment, seconds = 60 } = {}) =>
  signToken(signedBy, ATTACHMENT.typ, { id, owner, kind: 'image', size: 1000 }, seconds);
const granted = (parts: Parts) =>
  Promise.all(parts.attachments.map(({ ref }) => verifyToken(testKeys.attachment, GRANT.typ, ref)));

test('pictures come in order, for each viewer by a grant of their own; text may be empty then', async () => {
  const ids = [newId('med'), newId('med')];
  const tokens = await Promise.all(ids.map((id) => attachment(ada.userId, id)));
  const sent = await send(ada, { text: '', attachments: tokens });
  expect(sent).toMatchObject({ text: '', attachmentCount: 2 });
  expect(await granted(sent)).toMatchObject(ids.map((id) => ({ id, viewer: ada.userId })));
  const query = `query ($id: ID!) { room(id: $id) { lastMessage { ${FIELDS} } } }`;
  const data = await chat.ask<{ room: { lastMessage: Parts } }>(bob, query, { id: room.id });
  expect(await granted(data.room.lastMessage)).toMatchObject(ids.map((id) => ({ id, viewer: bob.userId })));

  expect(await edit(ada, sent.id, { text: 'a caption' })).toMatchObject({ text: 'a caption', attachmentCount: 2 });
  expect(await edit(ada, sent.id, { text: '' })).toMatchObject({ text: '', attachmentCount: 2 });
  const { deleteMessage } = await chat.ask<{ deleteMessage: { message: Parts } }>(ada, DELETE, { messageId: sent.id });
  expect(deleteMessage.message).toMatchObject({ attachments: [], attachmentCount: 0 });
  expect(await chat.rows('select media_ids from message where id = $1', [sent.id])).toEqual([{ media_ids: [] }]);
});

test('the same pictures under new tokens are the same message', async () => {
  const id = newId('med');
  const clientId = key();
  const again = async (mediaId = id) => send(ada, { clientId, attachments: [await attachment(ada.userId, mediaId)] });
  const first = await again();
  expect((await again()).id).toBe(first.id);
  const other = await attachment(ada.userId);
  expect(await refused(ada, { clientId, attachments: [other] })).toBe('IDEMPOTENCY_CONFLICT');
});

test('only the sender’s own recent uploads are attached, each once, at most ten', async () => {
  const own = await attachment(ada.userId);
  const cases = [
    [await attachment(bob.userId)],
    [await attachment(ada.userId, newId('med'), { signedBy: 'another-key-another-key-another-key' })],
    [await attachment(ada.userId, newId('med'), { seconds: -60 })],
    ['x.y.z'],
    [own, own],
    await Promise.all(Array.from({ length: 11 }, () => attachment(ada.userId))),
  ];
  for (const attachments of cases) expect(await refused(ada, { attachments })).toBe('BAD_USER_INPUT input.attachments');
  const ten = await Promise.all(Array.from({ length: 10 }, () => attachment(ada.userId)));
  expect(await send(ada, { attachments: ten })).toMatchObject({ attachmentCount: 10 });
  expect(await refused(ada, { text: ' ', attachments: [] })).toBe('BAD_USER_INPUT input.text');
  const plain = await send(ada, {});
  const emptied = { messageId: plain.id, text: '', clientId: key() };
  expect(await chat.refusal(ada, EDIT, { input: emptied })).toBe('BAD_USER_INPUT input.text');
});

test('a reply names a message of the same room, also once that is deleted', async () => {
  const question = await send(ada, { text: 'Why?' });
  const input = { text: 'Because.', replyToId: question.id, clientId: key() };
  const answer = await send(bob, input);
  expect(answer).toMatchObject({ replyToId: question.id, replyTo: { id: question.id, text: 'Why?' } });
  expect((await send(bob, input)).id).toBe(answer.id);
  expect(await refused(bob, { ...input, replyToId: answer.id })).toBe('IDEMPOTENCY_CONFLICT');

  const elsewhere = await chat.createRoom(bob);
  const foreign = await chat.send(bob, elsewhere.id, 'there');
  for (const replyToId of [foreign.id, newId('msg'), room.id, 'nul\0']) {
    expect(await refused(bob, { replyToId })).toBe('NOT_FOUND input.replyToId');
  }
  // Who is not in the room learns nothing of what is.
  expect(await refused(eve, { replyToId: question.id })).toBe('NOT_FOUND input.roomId');

  await chat.ask(ada, DELETE, { messageId: question.id });
  expect(await refused(bob, { replyToId: question.id })).toBe('NOT_FOUND input.replyToId');
  // Sent before, it is sent.
  expect(await send(bob, input)).toMatchObject({ id: answer.id, replyTo: { id: question.id, text: '' } });
});

test('mentions are members, each once, at most twenty; an edit changes them or leaves them', async () => {
  const gone = someone();
  const { id: roomId } = await chat.createRoom(ada, [bob, gone]);
  await chat.ask(gone, LEAVE, { roomId });
  const ids = (parts: Parts) => parts.mentions.map(({ id }) => id);
  const input = { roomId, mentionIds: [bob.userId, ada.userId, bob.userId], clientId: key() };
  const sent = await send(ada, input);
  expect(ids(sent)).toEqual([bob.userId, ada.userId]);
  expect((await send(ada, input)).id).toBe(sent.id);
  expect(await refused(ada, { ...input, mentionIds: [bob.userId] })).toBe('IDEMPOTENCY_CONFLICT');
  const before = await chat.rows('select last_seq from room where id = $1', [roomId]);
  for (const mentionIds of [
    [eve.userId],
    [bob.userId, gone.userId],
    ['nobody'],
    [sent.id],
    Array(21).fill(bob.userId),
  ]) {
    const bad = { ...input, clientId: key(), mentionIds };
    expect(await refused(ada, bad)).toBe('BAD_USER_INPUT input.mentionIds');
    const editing = { messageId: sent.id, text: 'x', clientId: key(), mentionIds };
    expect(await chat.refusal(ada, EDIT, { input: editing })).toBe('BAD_USER_INPUT input.mentionIds');
  }
  expect(await chat.rows('select last_seq from room where id = $1', [roomId])).toEqual(before);
  expect(ids(await edit(ada, sent.id, { text: 'edited' }))).toEqual([bob.userId, ada.userId]);
  expect(ids(await edit(ada, sent.id, { text: 'edited', mentionIds: [ada.userId] }))).toEqual([ada.userId]);
  expect(ids(await edit(ada, sent.id, { text: 'edited', mentionIds: [] }))).toEqual([]);
});

test('sending with all of it is still one statement; a page of such messages is three', async () => {
  const { id: roomId } = await chat.createRoom(ada, [bob]);
  const question = await chat.send(bob, roomId, 'q');
  for (let n = 0; n < 8; n++) {
    const attachments = [await attachment(ada.userId)];
    const input = {
      roomId,
      text: `m${n}`,
      clientId: key(),
      replyToId: question.id,
      mentionIds: [bob.userId],
      attachments,
    };
    const document = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
    expect(await chat.statements.during(() => chat.ask(ada, document, { input }))).toHaveLength(1);
  }
  const query = `query ($id: ID!, $last: Int) { room(id: $id) { messages(last: $last) { edges { node { ${FIELDS} } } } } }`;
  const ask = (last: number) => chat.statements.during(() => chat.ask(bob, query, { id: roomId, last }));
  expect(await ask(1)).toHaveLength(3);
  expect(await ask(8)).toHaveLength(3);
});
