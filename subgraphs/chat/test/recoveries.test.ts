import { createLogger } from '@chorus/kit/logger';
import { newId } from '@chorus/kit/ids';
import { createSubgraphClient, settle, startWay, testRedisUrl } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { SEND, someone, useChat } from './harness.ts';
import { roomEvents, texts } from './room-events.ts';

const chat = useChat({ HEAD_CHECK_MS: '600000' });

const { listen } = roomEvents(chat);

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

/** Asks for the next message's place, or what comes instead. */
async function places(url: string, reader: ReturnType<typeof someone>, roomId: string, after: string) {
  const events = await listen(reader, roomId, after, chat.subscriptions(url));
  return async () => {
    const frame = await events.next();
    return frame?.message?.seq ?? frame?.__typename;
  };
}

test('a stream tells which way it came by its events, and says nothing when each was announced in turn', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  await chat.send(ada, room.id, 'replayed');
  await chat.send(ada, room.id, 'replayed, too');
  const telling = await startTelling();
  const next = await places(telling.url, ada, room.id, room.eventCursor);
  expect([await next(), await next()]).toEqual([2, 3]);
  expect(telling.recoveries()).toEqual(['replay 2']);

  for (const seq of [4, 5]) {
    await chat.send(ada, room.id, 'announced');
    expect(await next()).toBe(seq);
  }
  expect(telling.recoveries()).toEqual(['replay 2']);

  // A process that cannot reach Redis announces nothing: the next announcement jumps over what it sent.
  const way = await startWay(testRedisUrl());
  way.shut();
  const mute = createSubgraphClient((await chat.start({ REDIS_URL: way.url })).url);
  await mute.ask(ada, SEND, { input: { roomId: room.id, text: 'unannounced', clientId: newId('key') } });
  await chat.send(ada, room.id, 'announced');
  expect([await next(), await next()]).toEqual([6, 7]);
  expect(telling.recoveries()).toEqual(['replay 2', 'gap 2']);

  const checking = await startTelling({ HEAD_CHECK_MS: '50' });
  const found = await places(checking.url, ada, room.id, room.eventCursor);
  for (let seq = 2; seq <= 7; seq++) expect(await found()).toBe(seq);
  await mute.ask(ada, SEND, { input: { roomId: room.id, text: 'unannounced', clientId: newId('key') } });
  expect(await found()).toBe(8);
  expect(checking.recoveries()).toEqual(['replay 6', 'headCheck 1']);
  way.stop();
});

test('so it does when it can no longer come by them', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  for (let n = 0; n < 3; n++) await chat.send(ada, room.id, 'given up');
  const telling = await startTelling({ EVENT_RETENTION_COUNT: '2' });
  const next = await places(telling.url, ada, room.id, room.eventCursor);
  expect(await next()).toBe('RoomReset');
  expect(telling.recoveries()).toEqual(['reset 0']);
});

test('Redis away and back: nothing is lost, and nobody waits for the head check', async () => {
  const ada = someone();
  const way = await startWay(testRedisUrl());
  const own = await chat.start({ REDIS_URL: way.url });
  const on = chat.subscriptions(own.url);
  const room = await chat.createRoom(ada);
  const events = await listen(ada, room.id, room.eventCursor, on);
  const expected: string[] = [];
  const seen: string[] = [];
  const send = async (text: string) => {
    expected.push(text);
    await chat.send(ada, room.id, text);
  };
  await send('first');
  seen.push(...texts(await events.take(1)));
  for (let round = 0; round < 5; round++) {
    // The wake-ups of these go out by the other process and find nobody listening.
    if (round % 2 === 0) way.cut();
    else way.shut();
    for (let n = 0; n < 4; n++) await send(`${round}.${n}`);
    way.open();
    seen.push(...texts(await events.take(4)));
    expect(seen).toEqual(expected);
  }
  await own.stop();
  way.stop();
});

test('with Redis away from the start, the head check carries the stream', async () => {
  const ada = someone();
  const way = await startWay(testRedisUrl());
  way.shut();
  const own = await chat.start({ REDIS_URL: way.url, HEAD_CHECK_MS: '100' });
  const room = await chat.createRoom(ada);
  await chat.send(ada, room.id, 'replayed');
  const events = await listen(ada, room.id, room.eventCursor, chat.subscriptions(own.url));
  expect(texts(await events.take(1))).toEqual(['replayed']);
  for (const text of ['a', 'b', 'c']) {
    await chat.send(ada, room.id, text);
    expect(texts(await events.take(1))).toEqual([text]);
  }
  await events.close();
  await own.stop();
  way.stop();
});

test('Postgres ending its connections costs nothing but a moment', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  const events = await listen(ada, room.id, room.eventCursor);
  await chat.send(ada, room.id, 'before');
  expect(texts(await events.take(1))).toEqual(['before']);
  await chat.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  const clientId = newId('key');
  // The first may meet a connection that is just breaking; sent again with its clientId it is still one message.
  await settle(() => chat.send(ada, room.id, 'after', { clientId }).catch(() => null));
  expect(texts(await events.take(1))).toEqual(['after']);
});
