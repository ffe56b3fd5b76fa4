import { newId } from '@chorus/kit/ids';
import { settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { key, LEAVE, type Message, type Room, SEND, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob, eve] = [someone(), someone(), someone()];
let room: Room;
beforeAll(async () => {
  room = await chat.createRoom(ada, [bob]);
});

interface Version {
  text: string;
  writtenAt: string;
}
interface Edited extends Message {
  createdAt: string;
  editedAt: string | null;
  edits: { edges: { node: Version }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
}
const FIELDS = `id seq text createdAt editedAt
  edits(first: $first, after: $after) { edges { node { text writtenAt } } pageInfo { endCursor hasNextPage } }`;
const EDIT = `mutation ($input: EditMessageInput!, $first: Int, $after: String) {
  editMessage(input: $input) { message { ${FIELDS} } }
}`;
const edit = async (viewer: Viewer, messageId: string, text: string, clientId = key()) => {
  const data = await chat.ask<{ editMessage: { message: Edited } }>(viewer, EDIT, {
    input: { messageId, text, clientId },
  });
  return data.editMessage.message;
};
const LAST = `query ($id: ID!, $first: Int, $after: String) { room(id: $id) { lastMessage { ${FIELDS} } } }`;
const last = async (viewer: Viewer, id: string, page: object = {}) =>
  (await chat.ask<{ room: { lastMessage: Edited } }>(viewer, LAST, { id, ...page })).room.lastMessage;
const texts = ({ edits }: Edited) => edits.edges.map(({ node }) => node.text);
const events = (id: string) =>
  chat.rows<{ seq: number; kind: string }>('select seq, kind from room_event where message_id = $1 order by seq', [id]);

test('an edit changes the text, keeps the place and every version, for all in the room', async () => {
  const sent = await chat.send(ada, room.id, 'one');
  const edited = await edit(ada, sent.id, ' two ');
  expect(edited).toMatchObject({ id: sent.id, seq: sent.seq, text: 'two' });
  await edit(ada, sent.id, 'three');
  const seen = await last(bob, room.id);
  expect(seen).toMatchObject({ text: 'three', seq: sent.seq, editedAt: seen.edits.edges[2]?.node.writtenAt });
  expect(texts(seen)).toEqual(['one', 'two', 'three']);
  expect(seen.edits.edges[0]?.node.writtenAt).toBe(seen.createdAt);
  expect((await events(sent.id)).map(({ kind }) => kind)).toEqual([
    'MESSAGE_CREATED',
    'MESSAGE_EDITED',
    'MESSAGE_EDITED',
  ]);
  const { edits } = await last(bob, room.id, { first: 2 });
  expect(edits.pageInfo.hasNextPage).toBe(true);
  expect(texts(await last(bob, room.id, { first: 2, after: edits.pageInfo.endCursor }))).toEqual(['three']);
});

test('what was never edited has no versions', async () => {
  await chat.send(ada, room.id, 'plain');
  expect(await last(bob, room.id)).toMatchObject({ editedAt: null, edits: { edges: [] } });
});

test('an edit is one statement', async () => {
  const { id } = await chat.send(ada, room.id, 'slow');
  const document = 'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id text } } }';
  const input = { messageId: id, text: 'fast', clientId: key() };
  expect(await chat.statements.during(() => chat.ask(ada, document, { input }))).toHaveLength(1);
});

test('a retried edit changes nothing, also at once, and also after a later one', async () => {
  const { id } = await chat.send(ada, room.id, 'one');
  const clientId = key();
  const answers = await Promise.all(Array.from({ length: 8 }, () => edit(ada, id, 'two', clientId)));
  for (const answer of answers) expect(texts(answer)).toEqual(['one', 'two']);
  await edit(ada, id, 'three');
  expect(await edit(ada, id, 'two', clientId)).toMatchObject({ text: 'three' });
  expect(await events(id)).toHaveLength(3);
  const input = { messageId: id, text: 'other', clientId };
  expect(await chat.refusal(ada, EDIT, { input })).toBe('IDEMPOTENCY_CONFLICT');
});

test('edits at once come one after another: a version, a place and an entry each', async () => {
  const { id, seq } = await chat.send(ada, room.id, 'zero');
  const names = Array.from({ length: 12 }, (_, n) => `edit ${n}`);
  await Promise.all(names.map((text) => edit(ada, id, text)));
  const seen = await last(ada, room.id);
  expect(texts(seen).toSorted()).toEqual(['zero', ...names].toSorted());
  expect(texts(seen).at(-1)).toBe(seen.text);
  const places = (await events(id)).map((event) => event.seq);
  expect(places).toEqual(Array.from({ length: 13 }, (_, n) => seq + n));
});

/** Does things at once to a room that is held until all of them wait, the first of them first. */
async function atOnce(roomId: string, ...deeds: (() => Promise<unknown>)[]): Promise<PromiseSettledResult<unknown>[]> {
  const running: Promise<unknown>[] = [];
  const waiting = async () => {
    const [row] = await chat.rows<{ count: number }>(
      `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return row?.count === running.length;
  };
  await chat.db().$transaction(
    async (tx) => {
      await tx.$queryRawUnsafe('select from room where id = $1 for update', roomId);
      for (const deed of deeds) {
        running.push(deed());
        await settle(waiting, { what: 'that all wait' });
      }
    },
    { timeout: 30_000 },
  );
  return Promise.allSettled(running);
}
const DELETE = 'mutation ($messageId: ID!) { deleteMessage(messageId: $messageId) { message { id } } }';

test('edited and deleted at once, whichever comes first: nothing is left of what it said, and it is deleted once', async () => {
  const remove = (messageId: string) => () => chat.ask(ada, DELETE, { messageId });
  const change = (messageId: string) => () => edit(ada, messageId, 'changed');
  const refused = (messageId: string) => async () => {
    const input = { messageId, text: 'too late', clientId: key() };
    expect(await chat.refusal(ada, EDIT, { input })).toBe('BAD_USER_INPUT input.messageId');
  };
  const orders = [
    (id: string) => [remove(id), refused(id)],
    (id: string) => [change(id), remove(id)],
    (id: string) => [remove(id), remove(id)],
  ];
  for (const order of orders) {
    const { id } = await chat.send(ada, room.id, 'secret');
    for (const result of await atOnce(room.id, ...order(id))) expect(result.status).toBe('fulfilled');
    expect(await chat.rows('select text, edited_at, deleted_by from message where id = $1', [id])).toEqual([
      { text: '', edited_at: null, deleted_by: ada.userId },
    ]);
    expect(await chat.rows('select text from message_version where message_id = $1', [id])).toEqual([]);
    expect((await events(id)).filter(({ kind }) => kind === 'MESSAGE_DELETED')).toHaveLength(1);
    expect((await events(id)).at(-1)?.kind).toBe('MESSAGE_DELETED');
  }
});

test('a message that was sent, edited and is sent again is the one that was sent', async () => {
  const input = { roomId: room.id, text: 'sent', clientId: key() };
  const { sendMessage } = await chat.ask<{ sendMessage: { message: Message } }>(ada, SEND, { input });
  const { id } = sendMessage.message;
  await edit(ada, id, 'edited');
  const again = await chat.ask<{ sendMessage: { message: Message } }>(ada, SEND, { input });
  expect(again.sendMessage.message).toMatchObject({ id, text: 'edited' });
  const other = { ...input, text: 'edited' };
  expect(await chat.refusal(ada, SEND, { input: other })).toBe('IDEMPOTENCY_CONFLICT');
  // The name of the sending is no name for an edit.
  const named = { messageId: id, text: 'more', clientId: input.clientId };
  expect(await chat.refusal(ada, EDIT, { input: named })).toBe('IDEMPOTENCY_CONFLICT');
});

test('only the author edits, as a member, what is there; bad input is refused and changes nothing', async () => {
  const gone = someone();
  const { id: roomId } = await chat.createRoom(ada, [bob, gone]);
  const { id } = await chat.send(ada, roomId, 'mine');
  const left = await chat.send(gone, roomId, 'bye');
  await chat.ask(gone, LEAVE, { roomId });
  const good = { messageId: id, text: 'changed', clientId: key() };
  const before = await chat.rows('select last_seq from room where id = $1', [roomId]);
  const cases: [Viewer, object, string][] = [
    [anonymous, {}, 'UNAUTHENTICATED'],
    [bob, {}, 'FORBIDDEN'],
    [eve, {}, 'NOT_FOUND input.messageId'],
    [gone, { messageId: left.id }, 'NOT_FOUND input.messageId'],
    [ada, { messageId: newId('msg') }, 'NOT_FOUND input.messageId'],
    [ada, { messageId: roomId }, 'NOT_FOUND input.messageId'],
    [ada, { text: ' \n' }, 'BAD_USER_INPUT input.text'],
    [ada, { text: 'x'.repeat(4001) }, 'BAD_USER_INPUT input.text'],
    [ada, { text: 'nul\0' }, 'BAD_USER_INPUT input.text'],
    [ada, { clientId: 'short' }, 'BAD_USER_INPUT input.clientId'],
    [ada, { clientId: 'with a space' }, 'BAD_USER_INPUT input.clientId'],
  ];
  for (const [viewer, wrong, expected] of cases) {
    expect(await chat.refusal(viewer, EDIT, { input: { ...good, ...wrong } })).toBe(expected);
  }
  expect(await chat.rows('select last_seq from room where id = $1', [roomId])).toEqual(before);
  expect(await chat.rows('select text from message where id = $1', [id])).toEqual([{ text: 'mine' }]);
});
