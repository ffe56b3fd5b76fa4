/** Two people use Chorus through its SDK, from sign-up to live chat, on a stack of real processes of its own. */
import { settle } from '@chorus/kit/testing';
import {
  type Chorus,
  ChorusError,
  createChorus,
  CreateCommentDocument,
  CreatePostDocument,
  CreateRoomDocument,
  FollowDocument,
  HomeTimelineDocument,
  LikePostDocument,
  MediaDocument,
  PostDocument,
  type RoomEventsSubscription,
  RoomEventsDocument,
  RoomHistoryDocument,
  SendMessageDocument,
  SignUpDocument,
  UploadMediaDocument,
} from '@chorus/sdk';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { notificationsJourney } from './notifications-journey.ts';
import { usePrivateStack } from './private-stack.ts';
import { verified } from './verified.ts';

const system = usePrivateStack();
const clients: Chorus[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

const clientOf = (token: string | null = null): Chorus => {
  const client = createChorus({ url: system.stack.urls.graphql, token });
  clients.push(client);
  return client;
};

let people = 0;
async function signUp(name: string) {
  const handle = `${name.toLowerCase()}_${++people}`;
  const input = { handle, name, email: `${handle}@example.test`, password: 'correct horse battery' };
  const { signUp: session } = await clientOf().request(SignUpDocument, { input });
  if (session?.__typename !== 'Session' || session.user == null)
    throw new Error(`no session but ${session?.__typename}`);
  const token = await verified(system.stack, input.email, session.accessToken);
  return { id: session.user.id, handle, client: clientOf(token) };
}
type Person = Awaited<ReturnType<typeof signUp>>;

let keys = 0;
const idempotencyKey = () => `journey-key-${++keys}`;

async function upload(person: Person) {
  const pixels = sharp({
    create: { width: 900, height: 600, channels: 3, background: { r: 200, g: ++keys % 255, b: 90 } },
  });
  // Orientation 6: the camera was turned; upright it is 600 wide and 900 high.
  const file = new File([new Uint8Array(await pixels.withMetadata({ orientation: 6 }).jpeg().toBuffer())], 'photo.jpg');
  const { uploadMedia } = await person.client.request(UploadMediaDocument, { file, idempotencyKey: idempotencyKey() });
  if (uploadMedia?.attachmentToken == null || uploadMedia.media == null) throw new Error('no attachment token');
  return { token: uploadMedia.attachmentToken, id: uploadMedia.media.id };
}

async function post(person: Person, text: string, attachments: string[] = []) {
  const input = { text, attachments, idempotencyKey: idempotencyKey() };
  const { createPost } = await person.client.request(CreatePostDocument, { input });
  if (createPost?.post == null) throw new Error('no post');
  return createPost.post;
}

const traceShape = z.object({
  spans: z.array(
    z.object({
      name: z.string(),
      service: z.string(),
      spanId: z.string(),
      parentSpanId: z.string().optional(),
      attributes: z.record(z.string(), z.unknown()),
    }),
  ),
});

type Span = z.infer<typeof traceShape>['spans'][number];

/**
 * The spans of an operation, all of them: a service's server span ends last and is exported last, so when there is one
 * for each fetch of the router, and the router's own span, nothing is missing.
 */
const spansOf = (traceId: string | null): Promise<Span[]> =>
  settle(async () => {
    const response = await fetch(`${system.stack.urls.traces}/${traceId}`, { headers: { accept: 'application/json' } });
    if (!response.ok) return null;
    const { spans } = traceShape.parse(await response.json());
    const ofRouter = new Set(spans.filter(({ service }) => service === 'router').map(({ spanId }) => spanId));
    const served = spans.filter((span) => span.service !== 'router' && ofRouter.has(span.parentSpanId ?? ''));
    const fetched = spans.filter(({ name }) => name === 'router.fetch');
    const complete = spans.some(({ name }) => name === 'router.operation') && fetched.length === served.length;
    return complete ? spans : null;
  });

const statementsIn = (spans: Span[]): Span[] =>
  spans.filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');

test('who tries too often is told so, and when to try again, through the router', async () => {
  const query = 'mutation ($input: LogInInput!) { logIn(input: $input) { __typename } }';
  const variables = { input: { identifier: 'nobody.here', password: 'not the password' } };
  const logIn = async () => {
    const response = await fetch(system.stack.urls.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { errors } = z
      .object({ errors: z.array(z.object({ extensions: z.record(z.string(), z.unknown()) })).optional() })
      .parse(await response.json());
    return { headers: response.headers, refusal: errors?.[0]?.extensions };
  };
  for (let left = 4; left >= 0; left--) {
    const { headers, refusal } = await logIn();
    expect(refusal).toBeUndefined();
    expect(headers.get('ratelimit-policy')).toContain('"logIn.account";q=5;w=60');
    expect(headers.get('ratelimit')).toContain(`"logIn.account";r=${left};t=`);
  }
  const { headers, refusal } = await logIn();
  expect(refusal).toMatchObject({ code: 'RATE_LIMITED', retryAfter: Number(headers.get('retry-after')) });
  expect(refusal?.['retryAfter']).toBeGreaterThan(0);
});

test('two people sign up, follow, share a picture, like, comment, and talk live', async () => {
  const ann = await signUp('Ann');
  const ben = await signUp('Ben');

  const { follow } = await ben.client.request(FollowDocument, { userId: ann.id });
  expect(follow?.user).toMatchObject({ followerCount: 1, viewer: { follows: true, isFollowedBy: false } });

  const picture = await upload(ann);
  const created = await post(ann, 'The harbour this morning', [picture.token]);

  const media = await settle(async () => {
    const { media: found } = await ann.client.request(MediaDocument, { id: picture.id });
    return found?.state === 'READY' ? found : null;
  });
  expect(media).toMatchObject({ width: 600, height: 900 });

  const seen = await settle(async () => {
    const { homeTimeline } = await ben.client.request(HomeTimelineDocument, { first: 10 });
    return homeTimeline?.edges.find(({ node }) => node?.id === created.id)?.node;
  });
  expect(seen).toMatchObject({
    text: 'The harbour this morning',
    author: { handle: ann.handle, name: 'Ann' },
    attachments: [{ id: picture.id, state: 'READY' }],
  });
  const image = await fetch(new URL(seen.attachments[0]?.url ?? '', system.stack.urls.public));
  expect(image.headers.get('content-type')).toBe('image/webp');
  expect(image.headers.get('cache-control')).toContain('immutable');
  const metadata = await sharp(await image.arrayBuffer()).metadata();
  expect(metadata).toMatchObject({ format: 'webp', width: 600 });
  expect(metadata.exif).toBeUndefined();

  const { likePost } = await ben.client.request(LikePostDocument, { postId: created.id });
  expect(likePost?.post).toMatchObject({ likeCount: 1, viewerHasLiked: true });
  const comment = { postId: created.id, text: 'Lovely light!', idempotencyKey: idempotencyKey() };
  await ben.client.request(CreateCommentDocument, { input: comment });
  const { post: discussed } = await ann.client.request(PostDocument, { id: created.id });
  expect(discussed).toMatchObject({ likeCount: 1, commentCount: 1, viewerHasLiked: false });
  expect(discussed?.comments?.edges[0]?.node).toMatchObject({ text: 'Lovely light!', author: { handle: ben.handle } });

  const room = { name: 'Harbour walks', memberIds: [ben.id], idempotencyKey: idempotencyKey() };
  const { createRoom } = await ann.client.request(CreateRoomDocument, { input: room });
  const { id: roomId, eventCursor } = createRoom?.room ?? { id: '', eventCursor: '' };

  const events = ben.client.subscribe(RoomEventsDocument, { roomId, after: eventCursor });
  const received: RoomEventsSubscription['roomEvents'][] = [];
  const listening = (async () => {
    for await (const { roomEvents } of events) {
      received.push(roomEvents);
      if (received.length === 3) return;
    }
  })();
  for (const text of ['Shall we?', 'Seven tomorrow', 'Bring coffee']) {
    const input = { roomId, text, clientId: idempotencyKey() };
    const { sendMessage } = await ann.client.request(SendMessageDocument, { input });
    expect(sendMessage?.message).toMatchObject({ text, author: { handle: ann.handle } });
  }
  await listening;
  expect(received).toMatchObject(
    ['Shall we?', 'Seven tomorrow', 'Bring coffee'].map((text) => ({
      __typename: 'MessageCreated',
      message: { text, author: { handle: ann.handle, name: 'Ann' } },
    })),
  );
  const { room: history } = await ben.client.request(RoomHistoryDocument, { roomId });
  expect(history?.messages?.edges.map(({ node }) => node?.text)).toEqual([
    'Shall we?',
    'Seven tomorrow',
    'Bring coffee',
  ]);
});

test('one connected trace leads from the router to SQL, or the cache, in every service that the operation touched', async () => {
  const ann = await signUp('Ann');
  const created = await post(ann, 'Traced', [(await upload(ann)).token]);
  const { traceId, data } = await ann.client.send(HomeTimelineDocument, { first: 1 });
  expect(data?.homeTimeline?.edges[0]?.node?.id).toBe(created.id);
  const spans = await spansOf(traceId);
  expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['router', 'posts', 'users', 'media']));
  const reads = [...statementsIn(spans), ...spans.filter(({ name }) => name.startsWith('cache '))];
  expect(new Set(reads.map(({ service }) => service))).toEqual(new Set(['posts', 'users', 'media']));
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const loose = spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId));
  expect(loose.map(({ name }) => name)).toEqual([]);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
});

test('a timeline of fifty posts costs as many statements as one of five', async () => {
  const reader = await signUp('Reader');
  const authors = await Promise.all(['Ann', 'Ben', 'Cyd'].map(signUp));
  for (const author of authors) await reader.client.request(FollowDocument, { userId: author.id });
  for (let count = 0; count < 50; count++) {
    const author = authors[count % 3] ?? reader;
    const created = await post(author, `Post ${count}`, count % 5 === 0 ? [(await upload(author)).token] : []);
    for (const text of ['First', 'Second']) {
      const input = { postId: created.id, text, idempotencyKey: idempotencyKey() };
      await authors[(count + 1) % 3]?.client.request(CreateCommentDocument, { input });
    }
  }
  const statements = async (first: number) => {
    const { traceId, data } = await reader.client.send(HomeTimelineDocument, { first });
    const nodes = data?.homeTimeline?.edges.map(({ node }) => node) ?? [];
    expect(nodes).toHaveLength(first);
    for (const node of nodes)
      expect(node).toMatchObject({ author: { name: expect.any(String) }, commentCount: 2, likeCount: 0 });
    expect(nodes.some((node) => node?.attachments[0]?.id)).toBe(true);
    return statementsIn(await spansOf(traceId));
  };
  await settle(async () => {
    const { homeTimeline } = await reader.client.request(HomeTimelineDocument, { first: 50 });
    return homeTimeline?.edges.length === 50;
  });
  const few = await statements(5);
  const many = await statements(50);
  // Prisma writes as many placeholders as a list has items.
  const text = ({ attributes }: Span) => String(attributes['db.query.text']).replaceAll(/\$\d+(,\$\d+)*/g, '?');
  const texts = (spans: Span[]) => spans.map(text).toSorted();
  expect(texts(many)).toEqual(texts(few));
  expect(many.length).toBeGreaterThan(5);
  expect(many.length).toBeLessThanOrEqual(16);
});

describe('anonymous', () => {
  test('people, posts and pictures are public; a timeline and writing are not', async () => {
    const ann = await signUp('Ann');
    const created = await post(ann, 'For everybody');
    const nobody = clientOf();
    const { post: found } = await nobody.request(PostDocument, { id: created.id });
    expect(found).toMatchObject({ text: 'For everybody', viewerHasLiked: null, author: { handle: ann.handle } });
    const timeline = await nobody.request(HomeTimelineDocument, {}).catch((error: unknown) => error);
    expect(timeline).toBeInstanceOf(ChorusError);
    expect(timeline).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

notificationsJourney(system);
