import { createLogger } from '@chorus/kit/logger';
import { newId } from '@chorus/kit/ids';
import { createSubgraphClient, testRedisUrl } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { SEND, someone, useChat } from './harness.ts';
import { startProxy } from './proxy.ts';

const chat = useChat({ HEAD_CHECK_MS: '600000' });

const SEQS = `subscription ($roomId: ID!, $after: String) { roomEvents(roomId: $roomId, after: $after) {
  __typename ... on MessageCreated { seq } } }`;

/** A process that tells in its log how its streams came by what they sent. */
async function startTelling(more: Record<string, string> = {}) {
  const told: { recovery?: string; entries?: number }[] = [];
  const write = (line: string) => void told.push(JSON.parse(line) as (typeof told)[number]);
  const { url } = await chat.start(more, createLogger({ service: 'chat', level: 'debug' }, { write }));
  return {
    url,
    recoveries: () => told.flatMap(({ recovery, entries }) => (recovery === undefined ? [] : `${recovery} ${entries}`)),
  };
}

async function listen(url: string, reader: ReturnType<typeof someone>, roomId: string, after: string) {
  const frames = await chat
    .subscriptions(url)
    .subscribe<{ roomEvents: { __typename: string; seq?: number } }>(reader, SEQS, { roomId, after });
  return async () => {
    const { value } = await frames.next();
    return value.data?.roomEvents.seq ?? value.data?.roomEvents.__typename;
  };
}

test('a stream tells which way it came by its events, and says nothing when each was announced in turn', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  await chat.send(ada, room.id, 'replayed');
  await chat.send(ada, room.id, 'replayed, too');
  const telling = await startTelling();
  const next = await listen(telling.url, ada, room.id, room.eventCursor);
  expect([await next(), await next()]).toEqual([2, 3]);
  expect(telling.recoveries()).toEqual(['replay 2']);

  for (const seq of [4, 5]) {
    await chat.send(ada, room.id, 'announced');
    expect(await next()).toBe(seq);
  }
  expect(telling.recoveries()).toEqual(['replay 2']);

  // A process that cannot reach Redis announces nothing: the next announcement jumps over what it sent.
  const proxy = await startProxy(testRedisUrl());
  proxy.cut();
  const mute = createSubgraphClient((await chat.start({ REDIS_URL: proxy.url })).url);
  await mute.ask(ada, SEND, { input: { roomId: room.id, text: 'unannounced', clientId: newId('key') } });
  await chat.send(ada, room.id, 'announced');
  expect([await next(), await next()]).toEqual([6, 7]);
  expect(telling.recoveries()).toEqual(['replay 2', 'gap 2']);

  const checking = await startTelling({ HEAD_CHECK_MS: '50' });
  const found = await listen(checking.url, ada, room.id, room.eventCursor);
  for (let seq = 2; seq <= 7; seq++) expect(await found()).toBe(seq);
  await mute.ask(ada, SEND, { input: { roomId: room.id, text: 'unannounced', clientId: newId('key') } });
  expect(await found()).toBe(8);
  expect(checking.recoveries()).toEqual(['replay 6', 'headCheck 1']);
  proxy.stop();
});

test('so it does when it can no longer come by them', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  for (let n = 0; n < 3; n++) await chat.send(ada, room.id, 'given up');
  const telling = await startTelling({ EVENT_RETENTION_COUNT: '2' });
  const next = await listen(telling.url, ada, room.id, room.eventCursor);
  expect(await next()).toBe('RoomReset');
  expect(telling.recoveries()).toEqual(['reset 0']);
});
