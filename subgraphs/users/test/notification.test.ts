import { newId } from '@chorus/kit/ids';
import { sql } from '@chorus/kit/sql';
import { settle } from '@chorus/kit/testing';
import { anonymous } from '@chorus/kit/viewer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture.ts';
import { newPost, notificationsOf, type Person } from './notification.fixture.ts';

let users: Fixture;
let told: ReturnType<typeof notificationsOf>;
beforeAll(async () => {
  users = await startFixture();
  await settle(() => users.redis.flushdb());
  told = notificationsOf(users);
});
afterAll(() => users.stop());

let made = 0;
const people = async (count: number): Promise<Person[]> =>
  users.people(...Array.from({ length: count }, () => `noted_${made++}`));
const three = async () => (await people(3)) as [Person, Person, Person];
const close = (person: Person) =>
  users.ask(person, 'mutation { updateProfile(input: { isPrivate: true }) { user { isPrivate } } }');
const ids = (...some: Person[]) => some.map(({ userId }) => ({ id: userId }));

describe('somebody is told', () => {
  test('who follows, until they no longer do', async () => {
    const [ann, ben, cyd] = await three();
    await users.follow(ben, ann.userId);
    await users.follow(cyd, ann.userId);
    const [follow] = await settle(async () => {
      const nodes = await told.shown(ann);
      return nodes[0]?.actorCount === 2 && nodes;
    });
    expect(follow).toMatchObject({ type: 'FOLLOW', actors: ids(cyd, ben), post: null, isSeen: false, isRead: false });
    await users.unfollow(cyd, ann.userId);
    await settle(async () => (await told.shown(ann))[0]?.actorCount === 1);
    await users.unfollow(ben, ann.userId);
    await told.settled(ann, 0);
    expect((await told.list(ann)).unseenCount).toBe(0);
  });

  test('who asks to follow, and the asker when it is granted', async () => {
    const [ann, ben, cyd] = await three();
    await close(ann);
    await users.follow(ben, ann.userId);
    await users.follow(cyd, ann.userId);
    const [request] = await settle(async () => {
      const nodes = await told.shown(ann);
      return nodes[0]?.actorCount === 2 && nodes;
    });
    expect(request).toMatchObject({ type: 'FOLLOW_REQUEST', actors: ids(cyd, ben) });
    await users.relate(ann, 'acceptFollowRequest', ben.userId);
    expect(await told.settled(ben, 1)).toMatchObject([{ type: 'FOLLOW_ACCEPTED', actors: ids(ann) }]);
    await users.unfollow(cyd, ann.userId);
    // Ann, who accepted, is not told that Ben follows; Cyd took it back.
    await told.settled(ann, 0);
    await users.relate(ann, 'removeFollower', ben.userId);
    await told.settled(ben, 0);
  });

  test('of likes, comments, answers and mentions, each by what it was', async () => {
    const [ann, ben, cyd] = await three();
    const post = newPost(ann);
    const [comment, answer] = [newId('cmt'), newId('cmt')];
    await told.like(post, ben);
    await told.comment(post, ben, { id: comment });
    await told.comment(post, cyd, { id: answer, to: { id: comment, author: ben }, mentioned: [ann, cyd, ben] });
    await told.publish('post.created', newId('pst'), {
      postId: newId('pst'),
      authorId: ben.userId,
      mediaIds: [],
      visibility: 'PUBLIC',
      createdAt: new Date().toISOString(),
      mentionedIds: [cyd.userId],
    });
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([
      // Mentioned, and not once more as the post's author.
      { type: 'MENTION', actors: ids(cyd), post: { nodeId: post.id }, comment: { nodeId: answer } },
      { type: 'COMMENT', actors: ids(ben), post: { nodeId: post.id }, comment: { nodeId: comment } },
      { type: 'LIKE', actors: ids(ben), post: { nodeId: post.id }, comment: null },
    ]);
    expect(await told.shown(ben)).toMatchObject([
      { type: 'REPLY', actors: ids(cyd), post: { nodeId: post.id }, comment: { nodeId: answer } },
    ]);
    expect(await told.shown(cyd)).toMatchObject([{ type: 'MENTION', actors: ids(ben), comment: null }]);
  });

  test('of a message that waits, until it is answered', async () => {
    const [ann, ben] = await three();
    const roomId = newId('rom');
    const request = { roomId, requesterId: ben.userId, recipientId: ann.userId, since: new Date().toISOString() };
    await told.publish('message.requested', `request:${roomId}`, { ...request, active: true });
    expect(await told.settled(ann, 1)).toMatchObject([
      { type: 'MESSAGE_REQUEST', actors: ids(ben), room: { nodeId: roomId }, post: null },
    ]);
    await told.publish('message.requested', `request:${roomId}`, { ...request, active: false });
    await told.settled(ann, 0);
  });

  test('nothing of what they did themselves', async () => {
    const [ann] = await three();
    const post = newPost(ann);
    await told.like(post, ann);
    await told.comment(post, ann, { to: { id: newId('cmt'), author: ann }, mentioned: [ann] });
    await told.applied();
    expect(await told.shown(ann)).toEqual([]);
    expect(await users.db.notificationActor.count({ where: { actorId: ann.userId } })).toBe(0);
  });
});

describe('notifications', () => {
  test('are one for each type, target and day, with the latest three and a count', async () => {
    const [ann, ben, ...others] = (await people(7)) as [Person, Person, ...Person[]];
    const [first, second] = [newPost(ann), newPost(ann)];
    for (const person of others) await told.like(first, person, { since: '2026-03-01T09:00:00.000Z' });
    await told.like(first, ben, { since: '2026-03-02T00:00:00.000Z' });
    await told.like(second, ben, { since: '2026-03-01T10:00:00.000Z' });
    await told.applied();
    const nodes = await told.shown(ann);
    expect(nodes.map(({ actorCount, post }) => [actorCount, post?.nodeId])).toEqual([
      [1, second.id],
      [1, first.id],
      [5, first.id],
    ]);
    expect(nodes[2]?.actors).toHaveLength(3);
  });

  test('name a person once, however often they comment on one post', async () => {
    const [ann, ben, cyd] = await three();
    const post = newPost(ann);
    const last = newId('cmt');
    await told.comment(post, ben, { since: '2026-03-01T09:00:00.000Z' });
    await told.comment(post, cyd, { since: '2026-03-01T10:00:00.000Z' });
    await told.comment(post, ben, { since: '2026-03-01T11:00:00.000Z' });
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([{ actorCount: 2, actors: expect.arrayContaining(ids(ben, cyd)) }]);
    // On another day, in that day's and no longer in the first one's.
    await told.comment(post, ben, { id: last, since: '2026-03-02T09:00:00.000Z' });
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([
      { actorCount: 1, actors: ids(ben), comment: { nodeId: last } },
      { actorCount: 1, actors: ids(cyd) },
    ]);
  });

  test('have nothing left of a like that was taken back: of whatever order, and however often it comes', async () => {
    const [ann, ben, cyd] = await three();
    const [kept, gone] = [newPost(ann), newPost(ann)];
    const [liked, unliked, again] = [told.newVersion(), told.newVersion(), told.newVersion()];
    await told.like(gone, ben, { active: false, at: unliked });
    await told.applied();
    await told.like(gone, ben, { at: liked });
    await told.applied();
    expect(await told.shown(ann)).toEqual([]);
    const logged: number[] = [];
    for (const _ of [1, 2]) {
      await told.like(kept, ben, { at: liked });
      await told.like(kept, ben, { active: false, at: unliked });
      await told.like(kept, ben, { at: again });
      await told.like(kept, cyd, { at: liked });
      await told.applied();
      expect(await told.shown(ann)).toMatchObject([{ actorCount: 2, post: { nodeId: kept.id } }]);
      logged.push(await users.db.notificationEvent.count({ where: { recipientId: ann.userId } }));
    }
    expect(await users.db.notificationActor.count({ where: { recipientId: ann.userId } })).toBe(3);
    // Nothing was logged of what changed nothing.
    expect(logged[1]).toBe(logged[0]);
  });

  test('are as new, as seen and as read as before when the latest of it is taken back', async () => {
    const [ann, ben, cyd] = await three();
    const post = newPost(ann);
    await told.like(post, ben);
    await told.applied();
    const [node] = await told.shown(ann);
    await users.ask(ann, 'mutation ($ids: [ID!]!) { markNotificationsRead(ids: $ids) { unseenCount } }', {
      ids: [node?.id],
    });
    await seen(ann);
    expect(await told.shown(ann)).toMatchObject([{ isRead: true, isSeen: true }]);
    await told.like(post, cyd);
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([{ isRead: false, isSeen: false, actorCount: 2 }]);
    await told.like(post, cyd, { active: false });
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([{ isRead: true, isSeen: true, actorCount: 1 }]);
  });

  test('show nobody who is blocked, either way, or gone', async () => {
    const [ann, ...others] = (await people(5)) as [Person, ...Person[]];
    const [ben, cyd, dan, eve] = others as [Person, Person, Person, Person];
    const [post, other] = [newPost(ann), newPost(ann)];
    for (const person of others) await told.like(post, person);
    await told.like(other, ben);
    await told.applied();
    await users.relate(ann, 'block', ben.userId);
    await users.relate(cyd, 'block', ann.userId);
    await users.db.user.delete({ where: { id: dan.userId } });
    const { edges, unseenCount } = await told.list(ann);
    expect(edges.map(({ node }) => node)).toMatchObject([{ actorCount: 1, actors: ids(eve) }]);
    expect(unseenCount).toBe(1);
    await users.relate(ann, 'unblock', ben.userId);
    expect(await told.shown(ann)).toMatchObject([{ actors: ids(ben) }, { actorCount: 2 }]);
  });

  test('go with whom they were for, and so does the log', async () => {
    const [ann, ben] = await three();
    await told.like(newPost(ann), ben);
    await told.applied();
    const left = () =>
      users.db.$queryRaw(sql`
      select (select count(*)::int from notification where recipient_id = ${ann.userId}) as notifications,
        (select count(*)::int from notification_actor where recipient_id = ${ann.userId}) as actors,
        (select count(*)::int from notification_event where recipient_id = ${ann.userId}) as logged`);
    expect(await left()).toEqual([{ notifications: 1, actors: 1, logged: 1 }]);
    await users.db.user.delete({ where: { id: ann.userId } });
    expect(await left()).toEqual([{ notifications: 0, actors: 0, logged: 0 }]);
  });

  test('are not made of what a muted person does, nor of a type that is off, nor later for it', async () => {
    const [ann, ben, cyd] = await three();
    const [post, other] = [newPost(ann), newPost(ann)];
    await users.relate(ann, 'mute', ben.userId);
    const version = told.newVersion();
    await told.like(post, ben, { at: version });
    await told.like(post, cyd);
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([{ actorCount: 1, actors: ids(cyd) }]);
    await users.relate(ann, 'unmute', ben.userId);
    await told.like(post, ben, { at: version });
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([{ actorCount: 1 }]);

    const settings = await set(ann, 'LIKE', false);
    expect(settings.filter(({ enabled }) => !enabled)).toEqual([{ type: 'LIKE', enabled: false }]);
    expect(settings).toHaveLength(12);
    await told.like(other, cyd);
    await told.comment(other, cyd);
    await told.applied();
    expect((await told.shown(ann)).map(({ type }) => type)).toEqual(['COMMENT', 'LIKE']);
    await set(ann, 'LIKE', true);
    await told.like(other, ben);
    await told.applied();
    expect(await told.shown(ann)).toMatchObject([{ type: 'LIKE', actors: ids(ben) }, {}, {}]);
    expect(await users.refusal(ann, SET, { type: 'NEW_LOGIN', enabled: false })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'type',
    });
  });

  test('do not tell of what is said under the posts of a private account that the recipient does not follow', async () => {
    const [ann, ben, cyd] = await three();
    await users.follow(ben, ann.userId);
    await close(ann);
    const post = newPost(ann);
    await told.comment(post, ann, { mentioned: [ben, cyd] });
    await told.applied();
    expect((await told.settled(ben, 1))[0]?.type).toBe('MENTION');
    expect(await told.shown(cyd)).toEqual([]);
  });

  test('are their recipient’s alone', async () => {
    const [ann, ben, cyd] = await three();
    await told.like(newPost(ann), ben);
    await told.applied();
    const [node] = await told.shown(ann);
    const NODE = 'query ($id: ID!) { node(id: $id) { ... on Notification { type } } }';
    expect(await users.ask(ann, NODE, { id: node?.id })).toEqual({ node: { type: 'LIKE' } });
    for (const other of [ben, cyd, anonymous]) {
      expect(await users.ask(other, NODE, { id: node?.id })).toEqual({ node: null });
      const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Notification { type } } }`;
      expect(await users.ask(other, entities, { r: [{ __typename: 'Notification', id: node?.id }] })).toEqual({
        _entities: [null],
      });
    }
    await users.ask(cyd, READ, { ids: [node?.id, 'nonsense', newId('ntf')] });
    expect(await told.shown(ann)).toMatchObject([{ isRead: false }]);
    for (const query of ['{ notifications { unseenCount } }', '{ notificationSettings { type } }']) {
      expect((await users.refusal(anonymous, query)).code).toBe('UNAUTHENTICATED');
    }
  });
});

const SEEN = 'mutation ($until: String!) { markNotificationsSeen(until: $until) { unseenCount } }';
const READ = 'mutation ($ids: [ID!]!) { markNotificationsRead(ids: $ids) { unseenCount } }';
const SET = `mutation ($type: NotificationType!, $enabled: Boolean!) {
  setNotifications(type: $type, enabled: $enabled) { settings { type enabled } }
}`;
const seen = async (person: Person) => users.ask(person, SEEN, { until: (await told.list(person)).eventCursor });
const set = async (person: Person, type: string, enabled: boolean) =>
  (
    await users.ask<{ setNotifications: { settings: { type: string; enabled: boolean }[] } }>(person, SET, {
      type,
      enabled,
    })
  ).setNotifications.settings;

describe('marks', () => {
  test('seen clears the badge up to what was fetched; read is each for itself, or all', async () => {
    const [ann, ben] = await three();
    for (const _ of [1, 2, 3]) await told.like(newPost(ann), ben);
    await told.applied();
    const before = await told.list(ann);
    expect(before.unseenCount).toBe(3);
    await told.like(newPost(ann), ben);
    await told.applied();
    const { markNotificationsSeen } = await users.ask<Record<string, unknown>>(ann, SEEN, {
      until: before.eventCursor,
    });
    expect(markNotificationsSeen).toEqual({ unseenCount: 1 });
    expect((await told.shown(ann)).map(({ isSeen }) => isSeen)).toEqual([false, true, true, true]);
    const logged = () => users.db.notificationEvent.count({ where: { recipientId: ann.userId } });
    const entries = await logged();
    await users.ask(ann, SEEN, { until: before.eventCursor });
    expect(await logged()).toBe(entries);

    await users.ask(ann, READ, { ids: [before.edges[1]?.node.id] });
    expect((await told.shown(ann)).map(({ isRead }) => isRead)).toEqual([false, false, true, false]);
    const all = 'mutation ($until: String!) { markAllNotificationsRead(until: $until) { unseenCount } }';
    const { eventCursor } = await told.list(ann);
    expect(await users.ask(ann, all, { until: eventCursor })).toEqual({ markAllNotificationsRead: { unseenCount: 0 } });
    expect((await told.shown(ann)).every(({ isRead, isSeen }) => isRead && isSeen)).toBe(true);
  });

  test('refuse cursors that are not of this log', async () => {
    const [ann, ben, cyd] = await three();
    await told.like(newPost(ann), ben);
    await told.like(newPost(cyd), ben);
    await told.applied();
    const own = (await told.list(ann)).eventCursor;
    const [list, epoch] = JSON.parse(Buffer.from(own, 'base64url').toString()) as [string, string];
    const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const codes: unknown[] = [];
    for (const until of ['', (await told.list(cyd)).eventCursor, forged(list, 'other', 1), forged(list, epoch, 99)]) {
      codes.push((await users.refusal(ann, SEEN, { until })).code);
    }
    expect(codes).toEqual(['CURSOR_INVALID', 'CURSOR_INVALID', 'CURSOR_EXPIRED', 'CURSOR_EXPIRED']);
    expect((await told.list(ann)).unseenCount).toBe(1);
  });
});

describe('the list', () => {
  test('has pages that survive what comes meanwhile', async () => {
    const [ann, ben] = await three();
    const posts = Array.from({ length: 5 }, () => newPost(ann));
    for (const post of posts) await told.like(post, ben);
    await told.applied();
    const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
      notifications(first: $first, after: $after, last: $last, before: $before) {
        edges { node { post { nodeId } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    interface Page {
      notifications: {
        edges: { node: { post: { nodeId: string } } }[];
        pageInfo: { hasNextPage: boolean; startCursor: string; endCursor: string };
      };
    }
    const page = async (args: object) => (await users.ask<Page>(ann, PAGE, { ...args })).notifications;
    const posted = ({ edges }: Page['notifications']) => edges.map(({ node }) => node.post.nodeId);
    const [a, b, c, d, e] = posts.map(({ id }) => id);
    const first = await page({ first: 2 });
    expect(posted(first)).toEqual([e, d]);
    await told.like(newPost(ann), ben);
    await told.applied();
    const second = await page({ first: 2, after: first.pageInfo.endCursor });
    expect(posted(second)).toEqual([c, b]);
    expect(posted(await page({ first: 2, after: second.pageInfo.endCursor }))).toEqual([a]);
    expect(posted(await page({ last: 2, before: second.pageInfo.endCursor }))).toEqual([d, c]);
    expect((await users.refusal(ann, PAGE, { after: 'nonsense' })).code).toBe('CURSOR_INVALID');
    expect((await users.refusal(ann, PAGE, { first: 101 })).code).toBe('BAD_USER_INPUT');
  });

  test('takes as many statements for many as for few: head, badge, page, people, and whom a block parts', async () => {
    const [ann, ...others] = (await people(6)) as [Person, ...Person[]];
    for (let n = 0; n < 40; n++) {
      const post = newPost(ann);
      for (const person of others) await told.like(post, person);
    }
    await told.applied();
    for (const first of [1, 40]) {
      const statements = await users.counter.during(async () => {
        const { edges } = await told.list(ann, first);
        expect(edges).toHaveLength(first);
        expect(edges[0]?.node).toMatchObject({ actorCount: 5 });
      });
      // People and blocks are cached.
      expect(statements.length).toBeLessThanOrEqual(5);
    }
  });
});
