/** The importer and the loader of the demo world at work on a whole stack of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createChorus, HomeTimelineDocument, LogInDocument, RoomHistoryDocument, RoomsDocument } from '@chorus/sdk';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../src/demo/load.ts';
import { DEMO_PASSWORD, generateWorld, type World } from '../src/demo/world.ts';
import { createBulk } from '../src/import/bulk.ts';
import { IMPORTER, runImport } from '../src/import/importer.ts';
import { createPeople } from '../src/import/people.ts';
import type { Progress } from '../src/import/progress.ts';
import { withClient } from '../src/postgres.ts';
import { privateEnvironment, silentLog, type Stack, startStack } from '../src/stack.ts';
import { temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    dir: path.join(folder.path, 'stack'),
    env: privateEnvironment(),
    log: silentLog,
    durable: false,
  });
}, 180_000);
afterAll(async () => {
  await stack?.stop();
  folder[Symbol.dispose]();
});

const never = new AbortController().signal;
const bulkOf = () =>
  createBulk({
    url: stack.urls.graphql,
    token: () => Promise.resolve(stack.serviceToken),
    concurrency: 8,
    signal: never,
  });

/** Rows of each kind in the databases. */
async function rows(): Promise<Record<string, number>> {
  const tables = {
    users: ['users', 'follow'],
    posts: ['post', 'comment', 'post_like'],
    chat: ['room', 'room_member', 'message'],
    media: ['media'],
  } as const;
  const counts: Record<string, number> = {};
  for (const database of ['users', 'posts', 'chat', 'media'] as const) {
    await withClient({ connectionString: stack.infrastructure.databases[database] }, async (client) => {
      for (const table of tables[database]) {
        const result = await client.query<{ count: string }>(`select count(*) from ${table}`);
        counts[table] = Number(result.rows[0]?.count);
      }
    });
  }
  return counts;
}

/** A graph of 30 edges, two logs and two pictures, each with something malformed, named apart by `tag`. */
async function fixture(tag: string): Promise<string> {
  const dir = path.join(folder.path, tag);
  mkdirSync(path.join(dir, 'chat'), { recursive: true });
  const edges = Array.from({ length: 30 }, (_, index) => `${tag}_${index % 10} ${tag}_${10 + index}`);
  writeFileSync(path.join(dir, 'graph.txt'), ['# friends', ...edges, 'just-one', `${tag}_0,${tag}_1`].join('\r\n'));

  const message = (index: number) => `[10:0${Math.floor(index / 20)}] <${tag}-${index % 7}> message ${index} of ${tag}`;
  const messages = Array.from({ length: 60 }, (_, index) => message(index));
  const noise = ['[10:03] -!- someone has joined', '[10:03] someone: no brackets', ''];
  writeFileSync(path.join(dir, `chat/2004-12-25-${tag}.txt`), [...messages, ...noise, '[10:04] <LATE> bye'].join('\n'));
  const bad = Buffer.from([0x5b, 0xff, 0xfe, 0x0a]);
  const rest = Buffer.from(`[23:59] <${tag}-1> before midnight\n[00:00] <${tag}-2> after it\n`);
  writeFileSync(path.join(dir, `chat/2005-01-01-${tag}.txt`), Buffer.concat([bad, rest]));

  for (const [name, colour] of [
    ['red.jpg', '#c33'],
    ['blue.png', '#33c'],
  ] as const) {
    const file = path.join(dir, name);
    await sharp({ create: { width: 60, height: 40, channels: 3, background: colour } }).toFile(file);
    utimesSync(file, new Date('2020-02-02'), new Date('2020-02-02'));
  }
  writeFileSync(path.join(dir, 'broken.jpg'), 'this is no picture');
  return dir;
}

/** What the fixture holds that is to be stored. */
const stored = { people: 48, follows: 60, rooms: 2, messages: 63, pictures: 2, notes: 3, skipped: 5 };

function importing(dir: string, options: { signal?: AbortSignal; onAdd?: () => void } = {}) {
  const notes: string[] = [];
  const progress: Progress = {
    begin: () => undefined,
    add: () => options.onAdd?.(),
    note: (line) => notes.push(line),
    end: () => undefined,
  };
  const run = runImport({
    paths: [dir],
    url: stack.urls.graphql,
    token: () => Promise.resolve(stack.serviceToken),
    concurrency: 4,
    progress,
    signal: options.signal ?? never,
  });
  return { run, notes };
}

describe('the importer', () => {
  test('stores everything once, however often it runs, and tells what it skips', async () => {
    const dir = await fixture('first');
    const before = await rows();
    const { run, notes } = importing(dir);
    expect(await run).toEqual(stored);
    for (const where of ['graph.txt:32:', 'graph.txt:33:', '25-first.txt:62:', '01-first.txt:1:', 'broken.jpg:']) {
      expect(notes.filter((note) => note.includes(where))).toHaveLength(1);
    }
    expect(notes).toHaveLength(5);

    const after = await rows();
    const added = Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
    // The importer is one more person, and a member of both rooms.
    expect(added).toMatchObject({ users: 49, follow: 60, room: 2, room_member: 12, message: 63, post: 2, media: 2 });

    expect(await importing(dir).run).toEqual(stored);
    expect(await rows()).toEqual(after);
  });

  test('keeps order, names and times of a log', async () => {
    const bulk = bulkOf();
    const people = createPeople(bulk);
    await people.ensure([IMPORTER]);
    const importer = people.idOf(IMPORTER.handle);
    const { rooms } = await bulk.request(RoomsDocument, { first: 100 }, importer);
    const idOf = (name: string) => rooms?.edges.find(({ node }) => node?.name === name)?.node?.id ?? '';

    const log = await bulk.request(RoomHistoryDocument, { roomId: idOf('2004-12-25-first'), last: 100 }, importer);
    const messages = log.room?.messages?.edges.map(({ node }) => node) ?? [];
    expect(messages.map((message) => message?.text)).toEqual([
      ...Array.from({ length: 60 }, (_, index) => `message ${index} of first`),
      'bye',
    ]);
    expect(messages[21]).toMatchObject({
      createdAt: '2004-12-25T10:01:00.001Z',
      author: { handle: 'first_0.bg', name: 'first-0' },
    });
    expect(messages.at(-1)?.author).toMatchObject({ handle: 'late.p', name: 'LATE' });

    const night = await bulk.request(RoomHistoryDocument, { roomId: idOf('2005-01-01-first') }, importer);
    expect(night.room?.messages?.edges.map(({ node }) => node?.createdAt)).toEqual([
      '2005-01-01T23:59:00.000Z',
      '2005-01-02T00:00:00.000Z',
    ]);
  });

  test.each([3, 40, 75])('stopped after %i steps, goes on where it was', async (steps) => {
    const tag = `stop${steps}`;
    const dir = await fixture(tag);
    const before = await rows();
    const stop = new AbortController();
    let added = 0;
    const { run } = importing(dir, { signal: stop.signal, onAdd: () => (added += 1) === steps && stop.abort() });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });

    expect(await importing(dir).run).toEqual(stored);
    const after = await rows();
    const added2 = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
    expect(['follow', 'room', 'room_member', 'message', 'post', 'media'].map(added2)).toEqual([60, 2, 12, 63, 2, 2]);
    expect(await importing(dir).run).toEqual(stored);
    expect(await rows()).toEqual(after);
  });

  test('an edited log adds what is new and is no conflict', async () => {
    const dir = path.join(folder.path, 'edited');
    mkdirSync(dir);
    const file = path.join(dir, '2010-10-10-edited.txt');
    writeFileSync(file, '[10:00] <ann> one\n[10:00] <ann> two\n');
    expect(await importing(dir).run).toMatchObject({ messages: 2 });
    const before = await rows();
    writeFileSync(file, '[10:00] <ann> one\n[10:00] <ann> TWO\n[10:01] <bob> three\n');
    expect(await importing(dir).run).toMatchObject({ messages: 3, rooms: 1 });
    expect((await rows())['message']).toBe((before['message'] ?? 0) + 2);
  });

  test('as a command ends with a table, and with a status that says whether all was stored', async () => {
    const dir = await fixture('command');
    const run = async (...args: string[]) => {
      const child = spawn(process.execPath, [path.join(import.meta.dirname, '../src/import/main.ts'), ...args]);
      const exited = new Promise((resolve) => child.once('close', resolve));
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { out, err, status: await exited };
    };
    const server = ['--url', stack.urls.graphql, '--token', stack.serviceToken];
    const done = await run(...server, dir);
    expect(done).toMatchObject({ err: '', status: 0 });
    expect(done.out).toMatch(/messages: .*in \d+ s\n/);
    expect(done.out).toMatch(/people +48\n +follows +60\n +rooms +2\n +messages +63\n +pictures +2\n/);
    expect(done.out.trimEnd()).toMatch(/skipped lines +5$/);

    expect(await run(...server, path.join(dir, 'nowhere'))).toMatchObject({ status: 1, out: '' });
    expect(await run('--url', stack.urls.graphql, '--token', 'no-token', dir)).toMatchObject({
      status: 1,
      err: expect.stringContaining('UNAUTHENTICATED'),
    });
    expect(await run()).toMatchObject({ status: 1, err: expect.stringContaining('nothing to import') });
  }, 60_000);
});

describe('the loader of the demo world', () => {
  const world = firstPeople(generateWorld(), 24);
  const expected = {
    follow: world.follows.length,
    post: world.posts.length,
    comment: world.comments.length,
    post_like: world.likes.length,
  };

  test('stores the world once, also when it runs again', async () => {
    const before = await rows();
    await loadWorld(world, { bulk: bulkOf(), log: silentLog, concurrency: 8 });
    const after = await rows();
    const added = Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
    expect(added).toMatchObject({
      ...expected,
      users: 24,
      room: world.rooms.length + world.directs.length,
      message: [...world.rooms, ...world.directs].flatMap(({ messages }) => messages).length,
    });
    await loadWorld(world, { bulk: bulkOf(), log: silentLog, concurrency: 8 });
    expect(await rows()).toEqual(after);
  }, 60_000);

  test.each(['ada', 'grace'])('%s can log in, reads a full timeline and shares rooms', async (identifier) => {
    await using client = disposable(createChorus({ url: stack.urls.graphql }));
    const { logIn } = await client.request(LogInDocument, { input: { identifier, password: DEMO_PASSWORD } });
    if (logIn?.__typename !== 'Session') throw new Error('there is no session');
    await using me = disposable(createChorus({ url: stack.urls.graphql, token: logIn.accessToken }));
    const { homeTimeline } = await me.request(HomeTimelineDocument, { first: 10 });
    expect(homeTimeline?.edges).toHaveLength(10);
    const { rooms } = await me.request(RoomsDocument, { first: 20 });
    expect(rooms?.edges.length).toBeGreaterThanOrEqual(4);
  });
});

/** The part of a world that belongs to its first `count` people, with few of everything. */
function firstPeople(world: World, count: number): World {
  const inside = (person: number) => person < count;
  const chosen = world.posts.flatMap((post, index) => (inside(post.author) ? [index] : [])).slice(0, 60);
  const place = (post: number) => chosen.indexOf(post);
  return {
    ...world,
    people: world.people.slice(0, count),
    follows: world.follows.filter(({ follower, followed }) => inside(follower) && inside(followed)),
    posts: world.posts.filter((_, index) => chosen.includes(index)),
    comments: world.comments
      .filter(({ post, author }) => chosen.includes(post) && inside(author))
      .map((comment) => ({ ...comment, post: place(comment.post) })),
    likes: world.likes
      .filter(({ post, by }) => chosen.includes(post) && inside(by))
      .map((like) => ({ ...like, post: place(like.post) })),
    rooms: world.rooms.map((room) => ({
      ...room,
      members: room.members.filter(inside),
      messages: room.messages.filter(({ author }) => inside(author)).slice(0, 10),
    })),
  };
}

const disposable = <T extends { close(): Promise<void> }>(client: T): T & AsyncDisposable =>
  Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
