/** Media of accounts that are hidden, and such that are to be erased. */
import { newId } from '@chorus/kit/ids';
import { createLogger } from '@chorus/kit/logger';
import { createRedis } from '@chorus/kit/redis';
import { publishEvent, settle, testKeys, testRedisUrl, viewerOf } from '@chorus/kit/testing';
import { signToken } from '@chorus/kit/tokens';
import { anonymous } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, newUser, startHarness } from './harness.ts';
import { picture } from './images.ts';

const redis = createRedis(testRedisUrl(), { logger: createLogger({ service: 'test', level: 'fatal' }) });
let media: Harness;
beforeAll(async () => {
  await redis.flushdb();
  media = await startHarness();
});
afterAll(async () => {
  await media.stop();
  redis.disconnect();
});

let version = 0n;
const tell = (userId: string, state: 'ACTIVE' | 'DEACTIVATED' | 'DELETED', erasureId?: string) =>
  publishEvent(redis, {
    name: 'account.changed',
    aggregate: `account:${userId}`,
    version: ++version,
    payload: { userId, state, changedAt: new Date().toISOString(), ...(erasureId !== undefined && { erasureId }) },
  });
const become = async (userId: string, state: 'ACTIVE' | 'DEACTIVATED' | 'DELETED') => {
  await tell(userId, state);
  await settle(() => media.db.accountState.findFirst({ where: { accountId: userId, state } }), { what: 'the state' });
};
const status = async (path: string) => (await fetch(new URL(path, media.url))).status;
const confirmed = (erasureId: string) =>
  settle(async () => (await media.db.outboxEvent.count({ where: { aggregate: erasureId } })) === 1, {
    what: 'the confirmation',
    limitMs: 20_000,
  });

it('a picture of a hidden account answers nobody, not its owner nor by a grant, and is not served', async () => {
  const ownerId = newUser();
  const { id, url } = await media.process(await picture(), ownerId);
  await media.db.media.update({ where: { id }, data: { isPublic: true } });
  const other = viewerOf(newUser());
  const ref = await signToken(testKeys.attachment, 'grant+jwt', { id, viewer: other.userId }, 300);
  const shown = async () => {
    const query =
      'query ($ref: ID!) { _entities(representations: [{ __typename: "Media", ref: $ref }]) { ... on Media { id } } }';
    const granted = await media.ask<{ _entities: unknown[] }>(other, query, { ref });
    return [
      (await media.media(anonymous, id)) !== null,
      (await media.media(viewerOf(ownerId), id)) !== null,
      granted.data?._entities[0] !== null,
      (await status(url ?? '')) === 200,
    ];
  };
  for (const state of ['DEACTIVATED', 'ACTIVE', 'DELETED'] as const) {
    await become(ownerId, state);
    expect(await shown()).toEqual(Array(4).fill(state === 'ACTIVE'));
  }
  const answer = await media.send(viewerOf(ownerId), await picture());
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
});

it('erasing takes rows and objects, processed, waiting and rejected, and nothing of anybody else', async () => {
  const [ann, ben] = [newUser(), newUser()];
  const kept = await media.process(await picture(), ben);
  const ready = await media.process(await picture(), ann);
  const rejected = await media.insertUploaded(viewerOf(ann), Buffer.from('no picture'), { state: 'REJECTED' });
  const waiting = await media.insertUploaded(viewerOf(ann), await picture(), {
    availableAt: new Date(Date.now() + 1e7),
  });
  const erasureId = newId('del');
  await tell(ann, 'DELETED', erasureId);
  await confirmed(erasureId);
  expect(await media.db.media.findMany({ where: { ownerId: ann } })).toEqual([]);
  const objects = (await media.objects()).join();
  for (const id of [ready.id, rejected, waiting]) expect(objects).not.toContain(id);
  expect(objects).toContain(kept.id);
  expect(await media.media(viewerOf(ben), kept.id)).toMatchObject({ state: 'READY' });
  const keys = await media.db.idempotencyKey.findMany({});
  expect(keys.map(({ viewerId }) => viewerId)).not.toContain(ann);
});
