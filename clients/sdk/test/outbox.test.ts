/** How messages go out, whatever becomes of the answers. The server is scripted. */
import { expect, test } from 'vitest';
import type { MessageFieldsFragment, SendMessageInput } from '../src/__generated__/graphql.ts';
import { createOutbox } from '../src/room/outbox.ts';
import type { RoomView } from '../src/room/view.ts';
import { messageOf } from './message.ts';

const showing = (lastSeq: number, ...messages: MessageFieldsFragment[]) =>
  ({ messages, lastSeq, viewerId: 'usr_me' }) as unknown as RoomView;

type Answer = 'lost' | { seq: number } | { code: string };

/** @param answers one for each attempt; the last one again and again */
function startOutbox(...answers: Answer[]) {
  const posted: SendMessageInput[] = [];
  const outbox = createOutbox({
    roomId: 'rom_1',
    async post(input) {
      posted.push(input);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined || answer === 'lost') throw new TypeError('fetch failed');
      const about = { status: 200, traceId: null };
      return 'code' in answer
        ? { data: null, errors: [{ message: 'no', extensions: answer }], ...about }
        : { data: { sendMessage: { message: messageOf(answer.seq, input.clientId) } }, errors: [], ...about };
    },
    backoff: { delay: () => 0 },
    onChange: () => undefined,
  });
  return { outbox, posted };
}

test('a message whose answers are lost is sent again under the same clientId, until one comes', async () => {
  const { outbox, posted } = startOutbox('lost', { code: 'SUBGRAPH_UNAVAILABLE' }, { code: 'TIMEOUT' }, { seq: 5 });
  const sent = outbox.send({ text: 'Hello' });
  expect(outbox.pending).toMatchObject([{ text: 'Hello', status: 'sending' }]);
  expect(await sent).toMatchObject({ seq: 5 });
  expect(posted).toHaveLength(4);
  expect(new Set(posted.map(({ clientId }) => clientId)).size).toBe(1);
  // Its echo stays until the room shows it, and not longer.
  expect(outbox.pending).toMatchObject([{ status: 'sent' }]);
  expect(outbox.shown(showing(4))).toHaveLength(1);
  expect(outbox.shown(showing(5, messageOf(5, posted[0]?.clientId ?? '')))).toEqual([]);
});

test('a message that the room shows is known to be stored, though no answer ever came', async () => {
  const { outbox, posted } = startOutbox('lost');
  const sent = outbox.send({ text: 'Hello' });
  const { clientId = '' } = posted[0] ?? {};
  expect(outbox.shown(showing(5, messageOf(5, clientId)))).toEqual([]);
  expect(await sent).toMatchObject({ seq: 5 });
});

test('somebody else’s message of the same clientId is not ours', () => {
  const { outbox } = startOutbox('lost');
  void outbox.send({ text: 'Hello' });
  const { clientId = '' } = outbox.pending[0] ?? {};
  const theirs = { ...messageOf(5, clientId), author: { id: 'usr_other', handle: 'o', name: 'O', avatar: null } };
  expect(outbox.shown(showing(5, theirs))).toHaveLength(1);
  outbox.close();
});

test('a room fetched anew that shows only what came later takes the echo away as well', async () => {
  const { outbox } = startOutbox({ seq: 5 });
  const sent = outbox.send({ text: 'Hello' });
  outbox.shown(showing(80));
  await sent;
  expect(outbox.pending).toEqual([]);
});

test('messages go in the order in which they were written, one after the other', async () => {
  const { outbox, posted } = startOutbox('lost', { seq: 5 }, 'lost', { seq: 6 }, { seq: 7 });
  await Promise.all(['one', 'two', 'three'].map((text) => outbox.send({ text })));
  expect(posted.map(({ text }) => text)).toEqual(['one', 'one', 'two', 'two', 'three']);
});

test('what is refused for good fails, holds nothing up, and can be sent again or discarded', async () => {
  const { outbox, posted } = startOutbox({ code: 'FORBIDDEN' }, { seq: 5 }, { code: 'BAD_USER_INPUT' }, { seq: 6 });
  const refused = outbox.send({ text: 'one' });
  const fine = outbox.send({ text: 'two' });
  await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await fine;
  const failed = outbox.pending.find(({ status }) => status === 'failed');
  expect(failed).toMatchObject({ text: 'one', error: { code: 'FORBIDDEN' } });
  outbox.retry(failed?.clientId ?? '');
  await expect.poll(() => outbox.pending.find(({ text }) => text === 'one')).toMatchObject({ status: 'failed' });
  expect(posted.filter(({ text }) => text === 'one')).toHaveLength(2);
  outbox.discard(failed?.clientId ?? '');
  expect(outbox.pending.map(({ text }) => text)).toEqual(['two']);
});

test('what waits is bounded, and ends with the room', async () => {
  const { outbox } = startOutbox('lost');
  const waiting = Array.from({ length: 100 }, (_, n) => outbox.send({ text: `m${n}` }));
  await expect(outbox.send({ text: 'one too many' })).rejects.toThrow('100 messages wait');
  outbox.close();
  for (const one of waiting) await expect(one).rejects.toThrow('closed');
  await expect(outbox.send({ text: 'late' })).rejects.toThrow('closed');
});
