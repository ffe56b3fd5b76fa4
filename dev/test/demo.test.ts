import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawAvatar, drawPicture } from '../src/demo/pictures.ts';
import { generateWorld, LOG_INS } from '../src/demo/world.ts';

const world = generateWorld();

const counted = (keys: Iterable<number>): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

test('the world is the same every time, and another from another seed', () => {
  expect(generateWorld()).toEqual(world);
  expect(generateWorld(2)).not.toEqual(world);
});

test('200 people, each with a handle of their own that keeps the rule', () => {
  expect(world.people).toHaveLength(200);
  expect(new Set(world.people.map(({ handle }) => handle)).size).toBe(200);
  for (const { handle, name, bio } of world.people) {
    expect(handle).toMatch(/^[a-z0-9_.]{3,30}$/);
    expect(name.length).toBeGreaterThan(0);
    expect(bio).toMatch(/^[A-Z].*\.$/);
  }
  expect(world.people.slice(0, 2).map(({ handle }) => handle)).toEqual(LOG_INS.map(({ handle }) => handle));
  expect(world.people.filter(({ hasAvatar }) => hasAvatar)).toHaveLength(60);
});

test('the follow graph has communities, hubs and follows that are given back', () => {
  const { follows, people } = world;
  const pairs = new Set(follows.map(({ follower, followed }) => `${follower} ${followed}`));
  expect(pairs.size).toBe(follows.length);
  expect(follows.every(({ follower, followed }) => follower !== followed)).toBe(true);
  expect(new Set(people.map(({ community }) => community)).size).toBe(8);

  const within = follows.filter(
    ({ follower, followed }) => people[follower]?.community === people[followed]?.community,
  );
  expect(within.length / follows.length).toBeGreaterThan(0.6);
  const mutual = follows.filter(({ follower, followed }) => pairs.has(`${followed} ${follower}`));
  expect(mutual.length / follows.length).toBeGreaterThan(0.4);

  const followers = counted(follows.map(({ followed }) => followed));
  const hubs = [...followers.values()].filter((count) => count > 60);
  expect(hubs.length).toBeGreaterThanOrEqual(3);
  expect(hubs.length).toBeLessThanOrEqual(10);
  expect(followers.size).toBe(200);
  const following = counted(follows.map(({ follower }) => follower));
  for (const logIn of LOG_INS.keys()) expect(following.get(logIn)).toBeGreaterThan(30);
});

test('posts, comments and likes are many, varied and in the order of time', () => {
  const { posts, comments, likes } = world;
  expect([posts.length, comments.length, likes.length]).toEqual([800, 1500, 3000]);
  expect(new Set(posts.map(({ text }) => text)).size).toBeGreaterThan(700);
  expect(new Set(posts.map(({ author }) => author)).size).toBe(200);
  expect(
    posts
      .map(({ picture }) => picture)
      .filter((picture) => picture !== null)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: world.pictures }, (_, index) => index));
  for (const { text, minutesAgo } of posts) {
    expect(text).not.toMatch(/[{}]/);
    expect(text.length).toBeLessThan(200);
    expect(minutesAgo).toBeGreaterThan(0);
  }
  for (const { post, minutesAgo } of comments) {
    expect(minutesAgo).toBeGreaterThan(0);
    expect(minutesAgo).toBeLessThan(posts[post]?.minutesAgo ?? 0);
  }
  expect(new Set(likes.map(({ post, by }) => `${post} ${by}`)).size).toBe(likes.length);
});

test('twelve rooms, in which members talk, the two with log-ins share four', () => {
  expect(world.rooms).toHaveLength(12);
  expect(world.rooms.flatMap(({ messages }) => messages)).toHaveLength(1500);
  for (const { members, messages } of world.rooms) {
    expect(new Set(members).size).toBe(members.length);
    expect(messages.every(({ author }) => members.includes(author))).toBe(true);
    expect(messages.every(({ text }) => !/[{}]/.test(text))).toBe(true);
    const times = messages.map(({ minutesAgo }) => minutesAgo);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times.at(-1)).toBeGreaterThanOrEqual(0);
  }
  const shared = world.rooms.filter(({ members }) => members.includes(0) && members.includes(1));
  expect(shared.length).toBeGreaterThanOrEqual(2);
});

test('the two with log-ins write to each other, and some rooms are for anybody', () => {
  const [direct] = world.directs;
  expect(direct?.between).toEqual([0, 1]);
  expect(new Set(direct?.messages.map(({ author }) => author))).toEqual(new Set([0, 1]));
  expect(world.rooms.filter(({ isPublic }) => isPublic).length).toBeGreaterThan(0);
  expect(world.rooms.filter(({ isPublic }) => !isPublic).length).toBeGreaterThan(0);
});

test('pictures are JPEGs, the same every time and each another', async () => {
  const pictures = await Promise.all([0, 1, 2, 3, 4, 5].map(drawPicture));
  expect(new Set(pictures.map((bytes) => bytes.toString('base64'))).size).toBe(6);
  expect(await drawPicture(3)).toEqual(pictures[3]);
  for (const bytes of pictures) {
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1200, height: 800 });
  }
  expect(await sharp(await drawAvatar(0)).metadata()).toMatchObject({ format: 'jpeg', width: 400, height: 400 });
});
