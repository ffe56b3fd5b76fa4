import { createRedis } from '@chorus/kit/redis';
import { newId } from '@chorus/kit/ids';
import { createLogger } from '@chorus/kit/logger';
import { createStatementCounter, publishEvent, settle, testKeys, testRedisUrl, viewerOf } from '@chorus/kit/testing';
import { signToken } from '@chorus/kit/tokens';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import type { GrantClaims } from '@chorus/schema/claims';
import type { Events } from '@chorus/schema/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, newUser, startHarness } from './harness.ts';
import { picture } from './images.ts';

const counter = createStatementCounter();
const redis = createRedis(testRedisUrl(), { logger: createLogger({ service: 'test', level: 'fatal' }) });
let media: Harness;
const owner = viewerOf(newUser());
const other = viewerOf(newUser());
let id: string;
beforeAll(async () => {
  await redis.flushdb();
  media = await startHarness({}, { onStatement: counter.note });
  ({ id } = await media.process(await picture(), owner.userId ?? ''));
});
afterAll(async () => {
  await media.stop();
  redis.disconnect();
});

const grant = (claims: object, { key = testKeys.attachment, typ = 'grant+jwt', lifetime = 300 } = {}) =>
  signToken(key, typ, claims, lifetime);

const resolve = async (viewer: Viewer, refs: string[]) => {
  const query = `query ($refs: [_Any!]!) {
    _entities(representations: $refs) { ... on Media { id ref state owner { id } variants { url } } }
  }`;
  const representations = refs.map((ref) => ({ __typename: 'Media', ref }));
  const { data, errors } = await media.ask<{ _entities: ({ id: string; ref: string } | null)[] }>(viewer, query, {
    refs: representations,
  });
  expect(errors).toBeUndefined();
  return data?._entities ?? [];
};
const idsOf = async (viewer: Viewer, refs: string[]) =>
  (await resolve(viewer, refs)).map((entity) => entity?.id ?? null);

describe('a medium', () => {
  it('is seen by its owner alone while it is not public', async () => {
    expect(await media.media(owner, id)).toMatchObject({ id, ref: id, owner: { id: owner.userId } });
    expect(await media.media(other, id)).toBeNull();
    expect(await media.media(anonymous, id)).toBeNull();
    expect(await idsOf(owner, [id])).toEqual([id]);
    expect(await idsOf(other, [id])).toEqual([null]);
    expect(await idsOf(anonymous, [id])).toEqual([null]);
  });

  it('is null for what is no id of a medium', async () => {
    for (const wrong of [
      '',
      'x',
      '\0',
      `usr_${'0'.repeat(32)}`,
      `med_${'0'.repeat(32)}`,
      'x'.repeat(100_000),
      "' or 1=1",
    ]) {
      expect(await media.media(owner, wrong)).toBeNull();
      expect(await idsOf(owner, [wrong])).toEqual([null]);
    }
  });

  it('asks for a signed viewer token first', async () => {
    const answer = await fetch(media.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ media(id: "${id}") { id } }` }),
    });
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});

describe('a grant', () => {
  it('shows the medium to the viewer it names and leads back to itself', async () => {
    const ref = await grant({ id, viewer: other.userId } satisfies GrantClaims);
    expect(await resolve(other, [ref])).toMatchObject([{ id, ref, state: 'READY' }]);
    const nobody = await grant({ id, viewer: null } satisfies GrantClaims);
    expect(await idsOf(anonymous, [nobody])).toEqual([id]);
  });

  it('is worth nothing when forged, expired, of another viewer, or not a grant', async () => {
    const good = { id, viewer: other.userId };
    const worthless = await Promise.all([
      grant(good, { key: testKeys.viewer }),
      grant(good, { lifetime: -1 }),
      grant(good, { typ: 'attachment+jwt' }),
      grant({ id, viewer: owner.userId }),
      grant({ id, viewer: null }),
      grant({ id }),
      grant({ viewer: other.userId }),
      grant({ id: 7, viewer: other.userId }),
      grant({ id: `usr_${'0'.repeat(32)}`, viewer: other.userId }),
    ]);
    const [head = '', , tail = ''] = (await grant(good)).split('.');
    const body = Buffer.from(JSON.stringify({ ...good, exp: 4e9 })).toString('base64url');
    worthless.push(`${head}.${body}.${tail}`);
    const unsigned = Buffer.from('{"alg":"none","typ":"grant+jwt"}').toString('base64url');
    worthless.push(`${unsigned}.${body}.`);
    expect(await idsOf(other, worthless)).toEqual(worthless.map(() => null));
    const mine = await grant({ id, viewer: other.userId });
    expect(await idsOf(anonymous, [mine])).toEqual([null]);
    expect(await media.media(other, mine)).toBeNull();
  });
});

it('resolves any number of references in one statement, each in its place', async () => {
  const mine = await Promise.all(
    Array.from({ length: 20 }, async () => media.insertUploaded(owner, await picture(8, 8))),
  );
  const ref = await grant({ id, viewer: owner.userId });
  const refs = [ref, 'nothing', ...mine, id, mine[0] ?? ''];
  await Promise.all(mine.map((one) => media.settled(owner, one)));
  let entities: ({ id: string } | null)[] = [];
  const statements = await counter.during(async () => {
    entities = await resolve(owner, refs);
  });
  expect(entities.map((entity) => entity?.id ?? null)).toEqual([id, null, ...mine, id, mine[0]]);
  expect(statements.filter((statement) => /owner_id as "ownerId"/.test(statement))).toHaveLength(1);
});

describe("posts' events", () => {
  type Created = Events['post.created'];
  const publish = (payload: Created) =>
    publishEvent(redis, { name: 'post.created', aggregate: payload.postId, version: 1n, payload });
  const post = (authorId: string | null, mediaIds: string[]): Created => ({
    postId: newId('pst'),
    authorId: authorId ?? '',
    mediaIds,
    visibility: 'PUBLIC',
    createdAt: new Date().toISOString(),
  });

  it("make an author's own media public, and nobody else's", async () => {
    const [first, second, foreign] = await Promise.all([
      media.insertUploaded(owner, await picture(8, 8)),
      media.insertUploaded(owner, await picture(8, 8)),
      media.insertUploaded(other, await picture(8, 8)),
    ]);
    await publish(post(owner.userId, [first, foreign, `med_${'0'.repeat(32)}`]));
    await publish(post(owner.userId, []));
    await publish(post(owner.userId, [first]));
    // As a later version of posts may tell it.
    await publish(Object.assign(post(owner.userId, [id]), { visibility: 'FOLLOWERS' }));
    await publish(post(owner.userId, [second]));
    await settle(() => media.media(anonymous, second), { what: 'a public medium' });
    expect(await media.media(anonymous, first)).toMatchObject({ id: first });
    expect(await idsOf(other, [first, foreign, id])).toEqual([first, foreign, null]);
    expect(await media.media(anonymous, foreign)).toBeNull();
  });

  it('are applied again after Redis lost everything', async () => {
    const kept = await media.insertUploaded(owner, await picture(8, 8));
    await redis.flushdb();
    await publish(post(owner.userId, [kept]));
    expect(await settle(() => media.media(anonymous, kept), { what: 'a public medium' })).toMatchObject({ id: kept });
  });
});
