/** The end of an account, through all of Chorus: hidden at once, and, once it is erased, nowhere any more. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { settle } from '@chorus/kit/testing';
import {
  ChangeEmailDocument,
  type Chorus,
  ConfirmEmailChangeDocument,
  createChorus,
  CreateCommentDocument,
  CreatePostDocument,
  CreateRoomDocument,
  DeactivateAccountDocument,
  DeleteAccountDocument,
  FollowDocument,
  LikePostDocument,
  LogInDocument,
  RoomEventsDocument,
  SendMessageDocument,
  SignUpDocument,
  StepUpDocument,
  UpdateProfileDocument,
  UploadMediaDocument,
} from '@chorus/sdk';
import { Redis } from 'ioredis';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { ROOT, SUBGRAPHS, type Subgraph } from '../src/layout.ts';
import { openBrowser, signInByMock } from './mock-sign-in.ts';
import { usePrivateStack } from './private-stack.ts';
import { letterTo } from './verified.ts';

const HIDDEN_MS = 5000;
const password = 'correct horse battery';
const system = usePrivateStack();
const clients: Chorus[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

const clientOf = (token: string | null = null): Chorus => {
  const client = createChorus({ url: system.stack.urls.graphql, token });
  clients.push(client);
  return client;
};

let made = 0;
const newKey = () => `erasure-key-${++made}`;

async function signUp(name: string) {
  const handle = `${name}_${++made}`;
  const email = `${handle}@erasure.example`;
  const input = { handle, name: `Name of ${handle}`, email, password };
  const session = (await clientOf(system.stack.serviceToken).request(SignUpDocument, { input })).signUp;
  if (session?.__typename !== 'Session' || session.user == null) throw new Error(`no session: ${session?.__typename}`);
  return { id: session.user.id, handle, email, token: session.accessToken, client: clientOf(session.accessToken) };
}
type Person = Awaited<ReturnType<typeof signUp>>;

async function upload({ client }: Person) {
  const background = { r: 10, g: ++made % 255, b: 90 };
  const bytes = await sharp({ create: { width: 500, height: 400, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const file = new File([new Uint8Array(bytes)], 'photo.jpg');
  const { uploadMedia } = await client.request(UploadMediaDocument, { file, idempotencyKey: newKey() });
  if (uploadMedia?.attachmentToken == null || uploadMedia.media == null) throw new Error('no attachment token');
  return { token: uploadMedia.attachmentToken, id: uploadMedia.media.id };
}
const post = async (
  { client }: Person,
  text: string,
  { attachments = [], mentions = [] }: { attachments?: string[]; mentions?: Person[] } = {},
): Promise<string> => {
  const input = { text, attachments, mentionIds: mentions.map(({ id }) => id), idempotencyKey: newKey() };
  return (await client.request(CreatePostDocument, { input })).createPost?.post?.id ?? '';
};
const comment = async ({ client }: Person, postId: string, text: string, replyToId: string | null = null) => {
  const input = { postId, text, replyToId, idempotencyKey: newKey() };
  return (await client.request(CreateCommentDocument, { input })).createComment?.comment?.id ?? '';
};
const createRoom = async ({ client }: Person, members: Person[]): Promise<string> => {
  const input = { name: 'A room', memberIds: members.map(({ id }) => id), idempotencyKey: newKey() };
  return (await client.request(CreateRoomDocument, { input })).createRoom?.room?.id ?? '';
};
const send = ({ client }: Person, roomId: string, text: string) =>
  client.request(SendMessageDocument, { input: { roomId, text, clientId: newKey() } });

/** Asks as somebody, or as nobody: the whole answer. */
async function ask(person: Pick<Person, 'token'> | null, query: string, variables: object = {}) {
  const response = await fetch(system.stack.urls.graphql, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(person !== null && { authorization: `Bearer ${person.token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, text: await response.text() };
}
/** Writes as somebody, by any mutation. */
async function write(person: Person, mutation: string, variables: object = {}): Promise<string> {
  const { text } = await ask(person, mutation, variables);
  if (text.includes('"errors"')) throw new Error(`${mutation} ${text}`);
  return text;
}
const isGone = async (path_: string) => (await fetch(new URL(path_, system.stack.urls.public))).status === 404;

/** Every row of every table of every subgraph, as text; a table that comes to be is read as well. */
async function everything(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const subgraph of SUBGRAPHS) {
    const db = new pg.Client({ connectionString: system.stack.infrastructure.databases[subgraph] });
    await db.connect();
    try {
      const tables = await db.query<{ name: string }>(`
        select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> '_prisma_migrations'`);
      for (const { name } of tables.rows) {
        const { rows } = await db.query<{ row: string }>(`select to_jsonb(t)::text as row from "${name}" t`);
        found.set(`${subgraph}.${name}`, rows.map(({ row }) => row).join('\n'));
      }
    } finally {
      await db.end();
    }
  }
  return found;
}
/**
 * Tables that name nobody: hashes, positions, browsers under way, which rooms are public, the events of media; and what is
 * written only once an account is closed.
 */
const NAMELESS =
  /\.(erased_account|event_position|oauth_attempt|public_room|account_state|deletion)$|^media\.outbox_event$/;
/** The tables, and the objects of the store, in which one of these is to be found. */
async function tracesOf(traces: readonly string[]): Promise<string[]> {
  const rows = [...(await everything())].flatMap(([table, text]) =>
    traces.filter((trace) => text.includes(trace)).map((trace) => `${table}: ${trace}`),
  );
  const objects = readdirSync(path.join(system.dir), { recursive: true, encoding: 'utf8' });
  return [...rows, ...objects.filter((name) => traces.some((trace) => name.includes(trace)))].sort();
}
const eraseNow = (handle: string) =>
  spawnSync(process.execPath, [path.join(ROOT, 'subgraphs/users/src/commands/erase-account.ts'), handle], {
    env: { ...process.env, DATABASE_URL: system.stack.infrastructure.databases.users },
    encoding: 'utf8',
  });
/** Nothing names the person any more, not even the record of the deletion. */
const recordOf = async ({ id }: Person): Promise<string> =>
  ((await everything()).get('users.deletion') ?? '').split('\n').find((row) => row.includes(id)) ?? '';
const isForgotten = async (person: Person) => (await recordOf(person)) === '';
const signal = (subgraph: Subgraph, name: NodeJS.Signals) => {
  const { pid } = system.stack.services[subgraph];
  if (pid === undefined) throw new Error(`${subgraph} does not run`);
  process.kill(pid, name);
};

/** A person who has left something of every kind, all over, and a friend who sees it. */
async function arrange() {
  const [ann, ben] = [await signUp('ann'), await signUp('ben')];
  const [picture, avatar] = [await upload(ann), await upload(ann)];
  await ann.client.request(UpdateProfileDocument, { input: { bio: `Bio of ${ann.handle}`, avatar: avatar.token } });
  await ben.client.request(FollowDocument, { userId: ann.id });
  await ann.client.request(FollowDocument, { userId: ben.id });
  const own = await post(ann, `Post of ${ann.handle}`, { attachments: [picture.token], mentions: [ben] });
  const others = await post(ben, 'Post of Ben');
  await comment(ann, others, `Comment of ${ann.handle}`);
  const under = await comment(ben, own, `Comment under ${ann.handle}`);
  await ann.client.request(LikePostDocument, { postId: others });
  const room = await createRoom(ann, [ben]);
  const said = (await send(ann, room, `Message of ${ann.handle}`)).sendMessage?.message?.id ?? '';
  const answer = (await send(ben, room, 'Message of Ben')).sendMessage?.message?.id ?? '';
  const cover = await arrangeRest({ ann, ben, room, own, under, said, answer });
  const url = await settle(
    async () =>
      /"url":"([^"]+)"/.exec(
        (await ask(ann, 'query ($id: ID!) { media(id: $id) { url } }', { id: picture.id })).text,
      )?.[1],
    { what: 'the picture', limitMs: 30_000 },
  );
  const traces = [ann.id, ann.handle, own, picture.id, avatar.id, cover.id];
  return { ann, ben, own, others, room, picture, url, traces };
}

/** What else there is between people, each way where it has two. @returns a picture of the person's, of a room */
async function arrangeRest(of: {
  ann: Person;
  ben: Person;
  room: string;
  own: string;
  under: string;
  said: string;
  answer: string;
}) {
  const { ann, ben, room, own, under, said, answer } = of;
  const [carl, dee, cover] = [await signUp('carl'), await signUp('dee'), await upload(ann)];
  const on = (mutation: string) => `mutation ($id: ID!) { ${mutation} { __typename } }`;
  await write(carl, 'mutation { updateProfile(input: { isPrivate: true }) { user { id } } }');
  await write(ann, on('follow(userId: $id)'), { id: carl.id });
  for (const relate of ['mute', 'block']) await write(ann, on(`${relate}(userId: $id)`), { id: dee.id });
  await write(carl, on('mute(userId: $id)'), { id: ann.id });

  const edit = { messageId: said, text: `Another message of ${ann.handle}`, clientId: newKey() };
  await write(ann, 'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }', {
    input: edit,
  });
  for (const emoji of ['👍', '🎉']) {
    const react =
      'mutation ($id: ID!, $emoji: String!) { reactToMessage(messageId: $id, emoji: $emoji) { message { id } } }';
    await write(ann, react, { id: answer, emoji });
    await write(ben, react, { id: emoji === '👍' ? answer : said, emoji });
  }
  const mentioning = { roomId: room, text: 'What do you say?', mentionIds: [ann.id], clientId: newKey() };
  await write(ben, 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }', {
    input: mentioning,
  });
  const update = { roomId: room, avatar: cover.token };
  await write(ann, 'mutation ($input: UpdateRoomInput!) { updateRoom(input: $input) { room { id } } }', {
    input: update,
  });
  await write(ben, on('like: likePost(postId: $id)'), { id: own });
  await write(ann, 'mutation ($id: ID!, $seq: Int!) { markRoomRead(roomId: $id, seq: $seq) { __typename } }', {
    id: room,
    seq: 3,
  });
  await write(ann, on('muteRoom(roomId: $id)'), { id: room });
  const between = 'mutation ($id: ID!, $user: ID!) { done: WAY { __typename } }';
  const invite = between.replace('WAY', 'inviteToRoom(roomId: $id, userIds: [$user])');
  const ban = between.replace('WAY', 'banFromRoom(roomId: $id, userId: $user)');
  const another = await createRoom(carl, []);
  await write(ann, invite, { id: room, user: carl.id });
  await write(carl, invite, { id: another, user: ann.id });
  await write(ann, ban, { id: room, user: dee.id });
  await write(dee, ban, { id: await createRoom(dee, []), user: ann.id });

  const open = async (person: Person, mutation: string, id: string) =>
    /"(rom_\w+)"/.exec(await write(person, `mutation ($id: ID!) { ${mutation} { room { id } } }`, { id }))?.[1] ?? '';
  const eve = await signUp('eve');
  // A request that waits for an answer, and one between friends.
  for (const other of [eve, ben]) {
    await send(ann, await open(ann, 'openDirectRoom(userId: $id)', other.id), `Hello from ${ann.handle}`);
  }
  // Ben is told of what neither of the two did, under the person's post.
  await comment(carl, own, 'An answer to Ben', under);
  const about = await settle(() => open(ben, 'openPostRoom(postId: $id)', own).catch(() => null), {
    what: 'the post in chat',
  });
  await write(ben, on('joinRoom(roomId: $id)'), { id: about });
  await send(ben, about, 'A good post');
  await signInElsewhere(ann);
  await changeAddress(ann);
  await wantAddressOf(ann, dee);
  await write(ann, 'mutation { setNotifications(type: LIKE, enabled: false) { __typename } }');
  for (const isPrivate of [true, false]) {
    const input = { isPrivate };
    await write(ann, 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }', {
      input,
    });
  }
  return cover;
}

/** The former address is kept for a while: so that the change can be undone. */
async function changeAddress({ handle, client }: Person) {
  const email = `new.${handle}@erasure.example`;
  await client.request(StepUpDocument, { input: { method: 'PASSWORD', secret: password } });
  await client.request(ChangeEmailDocument, { input: { email } });
  const code = (await letterTo(system.stack, email)).subject.slice(0, 6);
  const { confirmEmailChange } = await client.request(ConfirmEmailChangeDocument, { code });
  expect(confirmEmailChange?.__typename).toBe('EmailVerified');
}

/** Somebody else asks for the person's address; the letter that answers it waits, as while a mail server is down. */
async function wantAddressOf({ email }: Person, other: Person) {
  await other.client.request(StepUpDocument, { input: { method: 'PASSWORD', secret: password } });
  await write(other, 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }', {
    input: { email },
  });
  const db = new pg.Client({ connectionString: system.stack.infrastructure.databases.users });
  await db.connect();
  await db.query(
    `insert into letter (id, user_id, recipient, kind, facts, expires_at, due_at)
     values ($1, $2, $3, 'EMAIL_IN_USE', '{"handle": ""}', now() + interval '1 day', now() + interval '1 day')`,
    [newKey(), other.id, email],
  );
  await db.end();
}

/** Signs in by another provider: once to the end, and once up to a code that no client has exchanged yet. */
async function signInElsewhere({ handle, email }: Person) {
  const there = { name: `Name of ${handle}`, email };
  const browser = openBrowser(system.stack.urls.public);
  expect((await signInByMock(browser, there)).search).toBe('');
  const codeChallenge = createHash('sha256').update(newKey()).digest('base64url');
  expect((await signInByMock(browser, there, { codeChallenge })).search).toMatch(/^\?code=/);
}

/** What shows the person or their things, to others or to nobody; each answer names one of the traces while it does. */
const readsOf = ({ ann, ben, own, others, room, picture }: Awaited<ReturnType<typeof arrange>>) =>
  [null, ben].flatMap((viewer): [Person | null, string, object][] => [
    [viewer, 'query ($h: String!) { user(handle: $h) { id } }', { h: ann.handle }],
    [viewer, 'query ($id: ID!) { node(id: $id) { id } }', { id: ann.id }],
    [viewer, 'query ($h: String!) { searchUsers(query: $h) { edges { node { id } } } }', { h: ann.handle }],
    [viewer, 'query ($id: ID!) { user(id: $id) { followers { edges { node { id } } } } }', { id: ben.id }],
    [viewer, 'query ($id: ID!) { post(id: $id) { id text } }', { id: own }],
    [viewer, 'query ($id: ID!) { node(id: $id) { id } }', { id: own }],
    [
      viewer,
      'query ($id: ID!) { post(id: $id) { comments { edges { node { text author { id } } } } } }',
      { id: others },
    ],
    [viewer, 'query ($id: ID!) { media(id: $id) { id } }', { id: picture.id }],
    ...(viewer === null
      ? []
      : ([
          [viewer, '{ homeTimeline { edges { node { id author { id } } } } }', {}],
          [
            viewer,
            'query ($id: ID!) { room(id: $id) { messages(first: 9) { edges { node { author { id handle } } } } } }',
            { id: room },
          ],
        ] satisfies [Person, string, object][])),
  ]);

describe('an account', () => {
  test('that is closed is hidden everywhere within 5 s, and its access token is refused', async () => {
    const world = await arrange();
    const { ann, url, traces } = world;
    const reads = readsOf(world);
    const shows = async (read: (typeof reads)[number]) => {
      const { text } = await ask(...read);
      return traces.some((trace) => text.includes(trace));
    };
    // A picture is public, and the follower knows of the post, once the events have arrived.
    await settle(async () => (await Promise.all(reads.map(shows))).every(Boolean), { what: 'everything shown' });
    expect(await isGone(url)).toBe(false);

    const ways = [
      (client: Chorus) => client.request(DeactivateAccountDocument, {}),
      (client: Chorus) => client.request(DeleteAccountDocument, {}),
    ];
    for (const close of ways) {
      const session = (await clientOf().request(LogInDocument, { input: { identifier: ann.handle, password } })).logIn;
      if (session?.__typename !== 'Session') throw new Error('no session');
      await settle(async () => (await Promise.all(reads.map(shows))).every(Boolean), {
        what: 'everything shown again',
      });
      const closed = Date.now();
      const mine = clientOf(session.accessToken);
      await mine.request(StepUpDocument, { input: { method: 'PASSWORD', secret: password } });
      await close(mine);
      const user = await ask(null, 'query ($id: ID!) { user(id: $id) { id } }', { id: ann.id });
      expect(user.text).toBe('{"data":{"user":null}}');
      const limit = { limitMs: HIDDEN_MS - (Date.now() - closed) };
      await settle(async () => !(await Promise.all(reads.map(shows))).some(Boolean), { ...limit, what: 'all hidden' });
      await settle(async () => isGone(url), { ...limit, what: 'the picture hidden' });
      await settle(async () => (await ask({ token: session.accessToken }, '{ me { id } }')).status === 401, limit);
      expect(Date.now() - closed).toBeLessThan(HIDDEN_MS);
    }
    const again = await clientOf().request(LogInDocument, { input: { identifier: ann.handle, password } });
    expect(again.logIn?.__typename).toBe('InvalidCredentials');
    // Not erased yet: that is for later.
    expect(await tracesOf([ann.id])).toContain(`users.users: ${ann.id}`);
  }, 120_000);

  test('that is erased leaves nothing in any table or store, though services were down and Redis lost its data', async () => {
    const { ann, ben, own, others, room, url, traces } = await arrange();
    await write(
      ann,
      'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename } }',
      {
        input: { identifier: ann.handle },
      },
    );
    // Every table that can name a person does: what is not erased there is found.
    const leftSomething = async () => {
      const named = new Set((await tracesOf(traces)).map((trace) => trace.split(': ')[0]));
      const tables = await everything();
      expect([...tables.keys()].filter((table) => !NAMELESS.test(table) && !named.has(table))).toEqual([]);
      const notifications = (tables.get('users.notification') ?? '').split('\n');
      return notifications.some((row) => row.includes('"REPLY"') && row.includes(ben.id) && row.includes(own));
    };
    await settle(leftSomething, { what: 'the person in every table' });
    const events: string[] = [];
    const subscription = ben.client.subscribe(RoomEventsDocument, { roomId: room });
    const following = (async () => {
      for await (const { roomEvents } of subscription) if (roomEvents) events.push(roomEvents.__typename);
    })();
    await settle(async () => (await send(ben, room, 'Are you there?')) && events.includes('MessageCreated'));

    signal('posts', 'SIGSTOP');
    signal('media', 'SIGKILL');
    expect(eraseNow(ann.handle)).toMatchObject({ status: 0, stdout: expect.stringContaining('is being erased') });
    await settle(async () => (await recordOf(ann)).includes('"told_at": "20'), {
      what: 'the event',
    });
    const redis = new Redis(system.stack.infrastructure.redisUrl);
    await redis.flushall();
    redis.disconnect();
    // Kept until all have confirmed: by its id, and no more.
    await settle(async () => (await recordOf(ann)).includes('chat'), {
      what: 'chat’s word',
      limitMs: 20_000,
    });
    signal('posts', 'SIGCONT');

    await settle(async () => isForgotten(ann), { what: 'the end of the deletion', limitMs: 60_000 });
    expect(await tracesOf(traces)).toEqual([]);
    expect(await isGone(url)).toBe(true);
    expect(await tracesOf([ben.id, 'Message of Ben', 'Post of Ben'])).not.toEqual([]);

    // What is left is right: counts, the room and its tombstones, and what a reader was told.
    const { text } = await ask(
      ben,
      `query ($post: ID!, $room: ID!, $me: ID!) {
        user(id: $me) { followerCount followingCount }
        post(id: $post) { likeCount commentCount }
        room(id: $room) { memberCount messages(first: 2) { edges { node { seq text author { id } } } } }
      }`,
      { post: others, room, me: ben.id },
    );
    expect(JSON.parse(text)).toMatchObject({
      data: {
        user: { followerCount: 0, followingCount: 0 },
        post: { likeCount: 0, commentCount: 0 },
        room: {
          memberCount: 1,
          messages: {
            edges: [{ node: { text: '', author: null } }, { node: { text: 'Message of Ben', author: { id: ben.id } } }],
          },
        },
      },
    });
    await settle(() => events.includes('RoomReset'), {
      what: 'what the reader is told',
    });
    await ben.client.close();
    await following.catch(() => 'closed');
    const [name] = [ann.handle];
    const input = { handle: name, name: 'New', email: ann.email, password };
    const anew = await clientOf(system.stack.serviceToken).request(SignUpDocument, { input });
    expect(anew.signUp?.__typename).toBe('Session');
  }, 180_000);

  test('that goes on writing while it is erased leaves nothing either', async () => {
    const { ann, ben, others, room, traces } = await arrange();
    const writes = [
      () => post(ann, `Late post of ${ann.handle}`),
      () => comment(ann, others, `Late comment of ${ann.handle}`),
      () => ann.client.request(LikePostDocument, { postId: others }),
      () => ann.client.request(FollowDocument, { userId: ben.id }),
      () => ben.client.request(FollowDocument, { userId: ann.id }),
      () => send(ann, room, `Late message of ${ann.handle}`),
      () => createRoom(ann, [ben]),
      () => upload(ann),
    ];
    let done = false;
    // Each goes on for a while after it is refused, and then lets the erasure have the machine.
    const refused = writes.map(() => 0);
    const writing = writes.map(async (write, index) => {
      for (let turn = 0; turn < 500 && !done && (refused[index] ?? 0) < 20; turn++) {
        await write().catch(() => (refused[index] = (refused[index] ?? 0) + 1));
      }
    });
    await ann.client.request(StepUpDocument, { input: { method: 'PASSWORD', secret: password } });
    const deleted = await ann.client.request(DeleteAccountDocument, {});
    expect(deleted.deleteAccount?.state).toBe('DELETED');
    expect(eraseNow(ann.handle)).toMatchObject({ status: 0 });
    await settle(async () => isForgotten(ann), { what: 'the end of the deletion', limitMs: 60_000 });
    done = true;
    await Promise.all(writing);
    expect(refused.filter((times) => times === 0)).toEqual([]);
    expect(await tracesOf(traces)).toEqual([]);
  }, 180_000);
});
