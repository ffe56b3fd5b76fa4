import { createLogger } from '@chorus/kit/logger';
import { createSubgraphSubscriptions, settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsers } from '../src/context.ts';
import { trimNotificationLogs } from '../src/notification/retention.ts';
import { type Fixture, startFixture } from './fixture.ts';
import { newPost, notificationsOf, type Person } from './notification.fixture.ts';

let users: Fixture;
let told: ReturnType<typeof notificationsOf>;
let socket: ReturnType<typeof createSubgraphSubscriptions>;
const stops: (() => Promise<unknown> | void)[] = [];
beforeAll(async () => {
  users = await startFixture();
  await settle(() => users.redis.flushdb());
  told = notificationsOf(users);
  socket = createSubgraphSubscriptions(users.url);
});
afterAll(async () => {
  await socket.close();
  for (const stop of stops) await stop();
  await users.stop();
});

let made = 0;
const two = async () => (await users.people(`live_${made++}`, `live_${made++}`)) as [Person, Person];

const EVENTS = `subscription ($after: String) { notifications(after: $after) {
  __typename
  ... on NotificationChanged { cursor notification { id type isRead actors { id } post { nodeId } } }
  ... on NotificationRemoved { cursor id }
  ... on NotificationsMarked { cursor allRead }
  ... on NotificationsReset { cursor }
} }`;
interface Frame {
  __typename: string;
  cursor: string;
  id: string;
  notification: { id: string; isRead: boolean; post: { nodeId: string } | null };
}

async function listen(viewer: Viewer, after: string | null, on = socket) {
  const events = await on.subscribe<{ notifications: Frame }>(viewer, EVENTS, { after });
  const next = async (): Promise<Frame> => {
    const { done, value } = await events.next();
    if (done === true) throw new Error('the stream ended');
    expect(value.errors).toBeUndefined();
    return value.data?.notifications as Frame;
  };
  return {
    next,
    async take(count: number) {
      const frames: Frame[] = [];
      while (frames.length < count) frames.push(await next());
      return frames;
    },
    close: () => events.return?.(),
  };
}
const cursorOf = async (viewer: Viewer) => (await told.list(viewer)).eventCursor;
const postsIn = (frames: Frame[]) => frames.map(({ notification }) => notification?.post?.nodeId);
/** The code with which a subscription is refused. */
async function refusal(viewer: Viewer, after: string | null): Promise<unknown> {
  const events = await socket.subscribe(viewer, EVENTS, { after });
  const { value } = await events.next();
  return value.errors?.[0]?.extensions?.['code'];
}

/** One more process on the same database. */
async function another(overrides: Partial<Fixture['config']> = {}) {
  const logger = createLogger({ service: 'users', level: 'silent' });
  const server = await startUsers({ ...users.config, ...overrides }, logger);
  const subscriptions = createSubgraphSubscriptions(server.url);
  stops.push(async () => {
    await subscriptions.close();
    await server.stop();
  });
  return subscriptions;
}

test('what happens is heard at once, by every device: new, taken back, seen and read', async () => {
  const [ann, ben] = await two();
  const post = newPost(ann);
  const start = await cursorOf(ann);
  const [first, second] = [await listen(ann, start), await listen(ann, start, await another())];
  // From the cursor of somebody who was never told of anything, nothing is missed.
  await told.like(post, ben);
  const [liked] = await first.take(1);
  expect(liked).toMatchObject({
    __typename: 'NotificationChanged',
    notification: { type: 'LIKE', isRead: false, actors: [{ id: ben.userId }], post: { nodeId: post.id } },
  });
  const id = liked?.notification.id ?? '';
  // In step: a process that is slow to read tells how the notification stands by then.
  const kinds = [(await second.next()).__typename];
  const READ = 'mutation ($ids: [ID!]!) { markNotificationsRead(ids: $ids) { unseenCount } }';
  await users.ask(ann, READ, { ids: [id] });
  expect(await first.next()).toMatchObject({ notification: { id, isRead: true } });
  kinds.push((await second.next()).__typename);
  const SEEN = 'mutation ($until: String!) { markNotificationsSeen(until: $until) { unseenCount } }';
  await users.ask(ann, SEEN, { until: await cursorOf(ann) });
  expect(await first.next()).toMatchObject({ __typename: 'NotificationsMarked', allRead: false });
  await told.like(post, ben, { active: false });
  expect(await first.next()).toMatchObject({ __typename: 'NotificationRemoved', id });
  kinds.push(...(await second.take(2)).map(({ __typename }) => __typename));
  expect(kinds).toEqual(['NotificationChanged', 'NotificationChanged', 'NotificationsMarked', 'NotificationRemoved']);
  // Each replay tells how a notification stands now.
  const replay = await listen(ann, start);
  expect((await replay.take(4)).map(({ __typename }) => __typename)).toEqual([
    'NotificationRemoved',
    'NotificationRemoved',
    'NotificationsMarked',
    'NotificationRemoved',
  ]);
  for (const stream of [first, second, replay]) await stream.close();
});

test('a cursor replays what came after it, each once and in order, and the stream goes on live', async () => {
  const [ann, ben] = await two();
  const posts = Array.from({ length: 30 }, () => newPost(ann));
  const start = await cursorOf(ann);
  const live = await listen(ann, start);
  for (const post of posts) await told.like(post, ben);
  const frames = await live.take(30);
  expect(postsIn(frames)).toEqual(posts.map(({ id }) => id));
  const middle = await listen(ann, frames[27]?.cursor ?? null);
  const last = newPost(ann);
  await told.like(last, ben);
  expect(postsIn(await middle.take(3))).toEqual([posts[28]?.id, posts[29]?.id, last.id]);
  const logged = await users.db.notificationEvent.findMany({
    where: { recipientId: ann.userId },
    orderBy: { seq: 'asc' },
  });
  expect(logged.map(({ seq }) => seq)).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
  for (const stream of [live, middle]) await stream.close();
});

test('cursors of others and malformed ones are refused; of another log, the future or the past they reset', async () => {
  const [ann, ben] = await two();
  const start = await cursorOf(ann);
  for (let n = 0; n < 12; n++) {
    await told.like(newPost(ann), ben);
    await told.like(newPost(ben), ann);
  }
  await told.applied();
  const now = await cursorOf(ann);
  for (const after of [await cursorOf(ben), 'nonsense', '', Buffer.from('[]').toString('base64url')]) {
    expect(await refusal(ann, after)).toBe('CURSOR_INVALID');
  }
  expect(await refusal(anonymous, null)).toBe('UNAUTHENTICATED');
  const [list, epoch] = JSON.parse(Buffer.from(now, 'base64url').toString()) as [string, string];
  const reset = { __typename: 'NotificationsReset', cursor: now };
  for (const forged of [
    [list, epoch, 999],
    [list, epoch, -1],
    [list, 'other', 1],
    [list, '', 1],
  ]) {
    const stream = await listen(ann, Buffer.from(JSON.stringify(forged)).toString('base64url'));
    expect(await stream.next()).toEqual(reset);
    await stream.close();
  }
  // Retention holds whether or not it was trimmed yet.
  const short = await another({ EVENT_RETENTION_COUNT: 5 });
  const { seq: lastSeq } = JSON.parse(
    `{"seq":${(JSON.parse(Buffer.from(now, 'base64url').toString()) as unknown[])[2] as number}}`,
  ) as { seq: number };
  const at = (seq: number) => Buffer.from(JSON.stringify([list, epoch, seq])).toString('base64url');
  for (const trimmed of [false, true]) {
    if (trimmed) await trimNotificationLogs(users.db, { ms: 1e9, count: 5 });
    const old = await listen(ann, start, short);
    expect(await old.next()).toEqual(reset);
    await old.close();
    const kept = await listen(ann, at(lastSeq - 5), short);
    expect(await kept.take(5)).toHaveLength(5);
    await kept.close();
  }
  expect(await users.db.notificationEvent.count({ where: { recipientId: ann.userId } })).toBe(5);
});

test('Redis that lost all it had repeats nothing and loses nothing', async () => {
  const [ann, ben] = await two();
  const stream = await listen(ann, await cursorOf(ann));
  await users.follow(ben, ann.userId);
  expect(await stream.next()).toMatchObject({ notification: { type: 'FOLLOW' } });
  await settle(() => users.redis.flushdb());
  const cyd = (await users.people(`live_${made++}`))[0] as Person;
  await users.follow(cyd, ann.userId);
  expect(await stream.next()).toMatchObject({ notification: { actors: [{ id: cyd.userId }, { id: ben.userId }] } });
  expect(await users.db.notificationEvent.count({ where: { recipientId: ann.userId } })).toBe(2);
  await stream.close();
});

test('of two processes each event is told once', async () => {
  await another();
  const [ann, ben] = await two();
  const stream = await listen(ann, await cursorOf(ann));
  const posts = Array.from({ length: 40 }, () => newPost(ann));
  await Promise.all(posts.map((post) => told.like(post, ben)));
  const frames = await stream.take(40);
  expect(new Set(postsIn(frames))).toEqual(new Set(posts.map(({ id }) => id)));
  expect(await users.db.notificationEvent.count({ where: { recipientId: ann.userId } })).toBe(40);
  await stream.close();
});
