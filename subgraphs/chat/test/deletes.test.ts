import { newId } from '@chorus/kit/ids';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { expect, test } from 'vitest';
import { key, type Message, SEND, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob, cem, eve] = [someone(), someone(), someone(), someone()];

const FIELDS = `id seq text clientId editedAt deletedAt author { id } deletedBy { id }
  reactions { emoji } edits { edges { node { text } } }`;
const DELETE = `mutation ($messageId: ID!) { deleteMessage(messageId: $messageId) { message { ${FIELDS} } } }`;
const EDIT = 'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }';
const REACT = `mutation ($messageId: ID!, $emoji: String!) {
  reactToMessage(messageId: $messageId, emoji: $emoji) { message { id } }
}`;
const remove = async (viewer: Viewer, messageId: string) =>
  (await chat.ask<{ deleteMessage: { message: Message } }>(viewer, DELETE, { messageId })).deleteMessage.message;
const edit = (viewer: Viewer, messageId: string, text: string) =>
  chat.ask(viewer, EDIT, { input: { messageId, text, clientId: key() } });
const kinds = async (id: string) =>
  (await chat.rows<{ kind: string }>('select kind from room_event where message_id = $1 order by seq', [id])).map(
    ({ kind }) => kind,
  );

test('a deleted message keeps its place and its author, and nothing of what it said', async () => {
  const room = await chat.createRoom(ada, [bob]);
  const sent = await chat.send(bob, room.id, 'secret one');
  await edit(bob, sent.id, 'secret two');
  await chat.ask(ada, REACT, { messageId: sent.id, emoji: '👍' });
  const tombstone = {
    id: sent.id,
    seq: sent.seq,
    text: '',
    clientId: expect.any(String),
    editedAt: null,
    deletedAt: expect.any(String),
    author: { id: bob.userId },
    deletedBy: { id: bob.userId },
    reactions: [],
    edits: { edges: [] },
  };
  expect(await remove(bob, sent.id)).toEqual(tombstone);
  const query = `query ($id: ID!) { room(id: $id) { messages { edges { node { ${FIELDS} } } } lastMessage { id } } }`;
  expect(await chat.ask(ada, query, { id: room.id })).toEqual({
    room: { messages: { edges: [{ node: tombstone }] }, lastMessage: { id: sent.id } },
  });
  const rest = await chat.rows<{ row: string }>(
    `select row(message.*)::text as row from message where room_id = $1
     union all select row(message_version.*)::text from message_version where message_id = $2
     union all select row(message_reaction.*)::text from message_reaction where message_id = $2`,
    [room.id, sent.id],
  );
  expect(rest).toHaveLength(1);
  expect(rest[0]?.row).not.toContain('secret');
  expect(await kinds(sent.id)).toEqual(['MESSAGE_CREATED', 'MESSAGE_EDITED', 'REACTION_ADDED', 'MESSAGE_DELETED']);
});

test('deleting again, and twice at once, is one deletion', async () => {
  const room = await chat.createRoom(ada);
  const { id } = await chat.send(ada, room.id, 'bye');
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => remove(ada, id)));
  for (const other of [...others, await remove(ada, id)]) expect(other).toEqual(first);
  expect(await kinds(id)).toEqual(['MESSAGE_CREATED', 'MESSAGE_DELETED']);
});

test('the owner and admins of a room delete what others wrote, members do not, strangers find nothing', async () => {
  const room = await chat.createRoom(ada, [bob, cem]);
  const [first, second, hers] = [
    await chat.send(bob, room.id, 'one'),
    await chat.send(bob, room.id, 'two'),
    await chat.send(ada, room.id, 'mine'),
  ];
  expect(await chat.refusal(cem, DELETE, { messageId: first.id })).toBe('FORBIDDEN');
  expect(await chat.refusal(bob, DELETE, { messageId: hers.id })).toBe('FORBIDDEN');
  expect(await chat.refusal(eve, DELETE, { messageId: first.id })).toBe('NOT_FOUND messageId');
  expect(await chat.refusal(anonymous, DELETE, { messageId: first.id })).toBe('UNAUTHENTICATED');
  expect(await chat.refusal(ada, DELETE, { messageId: newId('msg') })).toBe('NOT_FOUND messageId');
  expect(await chat.refusal(ada, DELETE, { messageId: room.id })).toBe('NOT_FOUND messageId');
  expect(await remove(ada, first.id)).toMatchObject({ author: { id: bob.userId }, deletedBy: { id: ada.userId } });
  await chat.rows("update room_member set role = 'ADMIN' where room_id = $1 and user_id = $2", [room.id, cem.userId]);
  expect(await remove(cem, second.id)).toMatchObject({ deletedBy: { id: cem.userId } });
  expect(await chat.rows('select text from message where id = $1', [hers.id])).toEqual([{ text: 'mine' }]);
});

test('nothing happens to a tombstone any more', async () => {
  const room = await chat.createRoom(ada);
  const input = { roomId: room.id, text: 'sent', clientId: key() };
  const { sendMessage } = await chat.ask<{ sendMessage: { message: Message } }>(ada, SEND, { input });
  const { id } = sendMessage.message;
  await remove(ada, id);
  const editing = { messageId: id, text: 'back', clientId: key() };
  expect(await chat.refusal(ada, EDIT, { input: editing })).toBe('BAD_USER_INPUT input.messageId');
  expect(await chat.refusal(ada, REACT, { messageId: id, emoji: '👍' })).toBe('BAD_USER_INPUT messageId');
  const again = await chat.ask<{ sendMessage: { message: Message } }>(ada, SEND, { input });
  expect(again.sendMessage.message).toMatchObject({ id, text: '' });
  expect(await kinds(id)).toEqual(['MESSAGE_CREATED', 'MESSAGE_DELETED']);
});

test('edits and reactions at the moment of deletion leave nothing behind', async () => {
  const people = Array.from({ length: 6 }, () => someone());
  const room = await chat.createRoom(ada, people);
  for (let round = 0; round < 8; round++) {
    const { id } = await chat.send(ada, room.id, 'short-lived');
    const late = people.map((person) => chat.ask(person, REACT, { messageId: id, emoji: '👍' }).catch(() => null));
    await Promise.all([edit(ada, id, 'longer').catch(() => null), ...late.slice(3), remove(ada, id), ...late]);
    const rest = await chat.rows(
      `select from message_version where message_id = $1 union all select from message_reaction where message_id = $1
       union all select from message where id = $1 and (text <> '' or reactions <> '{}' or deleted_at is null)`,
      [id],
    );
    expect(rest).toEqual([]);
    expect((await kinds(id)).at(-1)).toBe('MESSAGE_DELETED');
  }
  const [gaps] = await chat.rows<{ last: number; entries: number }>(
    `select last_seq as last, (select count(*)::int from room_event where room_id = room.id) as entries
     from room where id = $1`,
    [room.id],
  );
  expect(gaps?.entries).toBe(gaps?.last);
});
