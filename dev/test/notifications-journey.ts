/** What somebody is told of, through the router and from every subgraph; for a file with a stack. */
import { settle } from '@chorus/kit/testing';
import {
  type Chorus,
  createChorus,
  CreateCommentDocument,
  CreatePostDocument,
  FollowDocument,
  LikePostDocument,
  MarkNotificationsSeenDocument,
  NotificationEventsDocument,
  type NotificationEventsSubscription,
  NotificationsDocument,
  OpenDirectRoomDocument,
  SendMessageDocument,
  SignUpDocument,
  UnlikePostDocument,
} from '@chorus/sdk';
import { afterAll, expect, test } from 'vitest';
import type { Stack } from '../src/stack.ts';

type Frame = NonNullable<NotificationEventsSubscription['notifications']>;

export function notificationsJourney(system: { readonly stack: Stack }): void {
  const clients: Chorus[] = [];
  afterAll(() => Promise.all(clients.map((client) => client.close())));
  const clientOf = (token: string) => {
    const client = createChorus({ url: system.stack.urls.graphql, token });
    clients.push(client);
    return client;
  };
  let keys = 0;
  const key = () => `notified-key-${++keys}`;

  /** Somebody whose address is verified. */
  async function signUp(handle: string) {
    const input = { handle, name: handle, email: `${handle}@example.test`, password: 'correct horse battery' };
    const { signUp: session } = await clientOf(system.stack.serviceToken).request(SignUpDocument, { input });
    if (session?.__typename !== 'Session') throw new Error(`no session but ${session?.__typename}`);
    return { id: session.user?.id ?? '', client: clientOf(session.accessToken) };
  }
  type Person = Awaited<ReturnType<typeof signUp>>;
  const post = async ({ client }: Person, text: string, mentionIds: string[] = []) =>
    (await client.request(CreatePostDocument, { input: { text, mentionIds, idempotencyKey: key() } })).createPost?.post
      ?.id ?? '';
  const list = async ({ client }: Person) => {
    const { notifications } = await client.request(NotificationsDocument, { first: 20 });
    if (notifications === null || notifications === undefined) throw new Error('no notifications');
    return { ...notifications, nodes: notifications.edges.flatMap(({ node }) => node ?? []) };
  };
  /** The stream after a cursor: each frame, as it comes. */
  const follow = ({ client }: Person, after: string) => {
    const stream = client.subscribe(NotificationEventsDocument, { after });
    return {
      async next(): Promise<Frame> {
        const { value } = await stream.next();
        if (value?.notifications == null) throw new Error('the stream has ended');
        return value.notifications;
      },
      end: () => stream.return(),
    };
  };

  test('a person is told of follows, likes, comments, mentions and requests, live, once, and from where they left off', async () => {
    const [ann, ben] = [await signUp('notified_ann'), await signUp('notified_ben')];
    const own = await post(ann, 'Of Ann');
    const { eventCursor, nodes, unseenCount } = await list(ann);
    expect([nodes, unseenCount]).toEqual([[], 0]);
    const heard = follow(ann, eventCursor);
    const { client } = ben;
    const about = { post: null, comment: null, room: null };

    const steps: [() => Promise<unknown>, Record<string, unknown>][] = [
      [() => client.request(FollowDocument, { userId: ann.id }), { type: 'FOLLOW', ...about }],
      [
        () => client.request(LikePostDocument, { postId: own }),
        { type: 'LIKE', ...about, post: { id: own, text: 'Of Ann' } },
      ],
      [
        () => client.request(CreateCommentDocument, { input: { postId: own, text: 'Nice', idempotencyKey: key() } }),
        { type: 'COMMENT', post: { id: own, text: 'Of Ann' }, comment: { id: expect.any(String), text: 'Nice' } },
      ],
      [
        () => post(ben, 'Look, Ann', [ann.id]),
        { type: 'MENTION', post: { id: expect.any(String), text: 'Look, Ann' }, comment: null },
      ],
      [
        async () => {
          const { openDirectRoom } = await client.request(OpenDirectRoomDocument, { userId: ann.id });
          const roomId = openDirectRoom?.room?.id ?? '';
          await client.request(SendMessageDocument, { input: { roomId, text: 'May I?', clientId: key() } });
        },
        { type: 'MESSAGE_REQUEST', ...about, room: { id: expect.stringMatching(/^rom_/), name: null } },
      ],
    ];
    const frames: Frame[] = [];
    for (const [index, [act, expected]] of steps.entries()) {
      await act();
      const frame = await heard.next();
      expect(frame).toMatchObject({
        __typename: 'NotificationChanged',
        notification: { ...expected, actors: [{ id: ben.id }], actorCount: 1, isSeen: false, isRead: false },
      });
      frames.push(frame);
      expect((await list(ann)).unseenCount).toBe(index + 1);
    }
    await heard.end();

    const before = await list(ann);
    const told = steps.map(([, { type }]) => type);
    expect(before.nodes.map(({ type }) => type)).toEqual(told.toReversed());
    const until = before.eventCursor;
    const seen = await ann.client.request(MarkNotificationsSeenDocument, { until });
    expect(seen.markNotificationsSeen).toEqual({ unseenCount: 0 });
    expect((await list(ann)).nodes.map(({ isSeen }) => isSeen)).toEqual(steps.map(() => true));

    // Liked and no longer, while nobody listens.
    const [cyd, other] = [await signUp('notified_cyd'), await post(ann, 'Another of Ann')];
    await cyd.client.request(LikePostDocument, { postId: other });
    await settle(async () => (await list(ann)).unseenCount === 1);
    await cyd.client.request(UnlikePostDocument, { postId: other });
    await settle(async () => (await list(ann)).unseenCount === 0);
    expect((await list(ann)).nodes.map(({ id }) => id)).toEqual(before.nodes.map(({ id }) => id));

    // What came after the second frame, each once and in order, and then live.
    const again = follow(ann, frames[1]?.cursor ?? '');
    for (const frame of frames.slice(2)) expect(await again.next()).toMatchObject(seenOf(frame));
    expect(await again.next()).toMatchObject({ __typename: 'NotificationsMarked', allRead: false });
    for (let n = 0; n < 2; n++) expect(await again.next()).toMatchObject({ __typename: 'NotificationRemoved' });
    await cyd.client.request(FollowDocument, { userId: ann.id });
    expect(await again.next()).toMatchObject({
      __typename: 'NotificationChanged',
      notification: { id: before.nodes.at(-1)?.id, type: 'FOLLOW', actorCount: 2, isSeen: false },
    });
    expect((await list(ann)).unseenCount).toBe(1);
    await again.end();
  }, 60_000);

  /** A replayed frame tells how the notification stands now. */
  const seenOf = (frame: Frame) =>
    frame.__typename === 'NotificationChanged'
      ? {
          cursor: frame.cursor,
          notification: { id: frame.notification?.id, type: frame.notification?.type, isSeen: true },
        }
      : frame;
}
