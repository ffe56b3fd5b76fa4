import {
  CreateRoomDocument,
  OpenDirectRoomDocument,
  SignUpDocument,
  UploadMediaDocument,
  UserByHandleDocument,
} from '@chorus/sdk';
import type { Bulk, Outcome } from '../import/bulk.ts';
import { forEachOf } from '../import/limiter.ts';
import { createComment, createPost, follow, likePost, SendMessage, updateProfile } from '../import/mutations.ts';
import { createPeople } from '../import/people.ts';
import type { Log } from '../log.ts';
import { drawAvatar, drawPicture } from './pictures.ts';
import { DEMO_PASSWORD, LOG_INS, type Room, type World } from './world.ts';

interface Loading {
  bulk: Bulk;
  log: Log;
  /** People worked on at once, for each kind of data. */
  concurrency: number;
}

interface Loaded extends Loading {
  world: World;
  /** Ids by place in `world.people`. */
  people: string[];
  /** ISO 8601. */
  at: (minutesAgo: number) => string;
}

/** Idempotency keys live for 24 hours: past that, what was stored would be stored again. */
const RESUMABLE_MS = 23 * 3_600_000;

/** Stores a world, beginning with its people, the rest side by side. */
export async function loadWorld(world: World, loading: Loading): Promise<void> {
  const { bulk, log } = loading;
  for (const logIn of LOG_INS) await bulk.request(SignUpDocument, { input: { ...logIn, password: DEMO_PASSWORD } });
  // Their account tells when loading began: the same instant when it is resumed, and so the same idempotent writes.
  const { user } = await bulk.request(UserByHandleDocument, { handle: LOG_INS[0].handle });
  const began = Date.parse(user?.createdAt ?? '');
  if (Date.now() - began > RESUMABLE_MS) {
    log.warn('the demo data were broken off more than a day ago and stay incomplete: npm start -- --fresh loads all');
    return;
  }
  const at = (minutesAgo: number) => new Date(began - minutesAgo * 60_000).toISOString();

  const people = createPeople(bulk);
  const advance = progressOf(log, 'people', world.people.length);
  await people.ensure(world.people.map(({ handle, name, joinedAgo }) => ({ handle, name, createdAt: at(joinedAgo) })));
  advance(world.people.length);

  const loaded: Loaded = { ...loading, world, at, people: world.people.map(({ handle }) => people.idOf(handle)) };
  await Promise.all([loadFollows(loaded), loadProfiles(loaded), loadPosts(loaded), loadRooms(loaded)]);
}

async function loadFollows({ bulk, log, concurrency, world, people }: Loaded): Promise<void> {
  const advance = progressOf(log, 'follows', world.follows.length);
  const groups = Map.groupBy(world.follows, ({ follower }) => follower);
  await forEachOf(groups, concurrency, async ([follower, follows]) => {
    const followed = follows.map(({ followed: other }) => idOf(people, other));
    accepted(await bulk.many(follow, followed, idOf(people, follower)));
    advance(follows.length);
  });
}

async function loadProfiles({ bulk, log, concurrency, world, people }: Loaded): Promise<void> {
  const advance = progressOf(log, 'profiles', world.people.length);
  await forEachOf(world.people.entries(), concurrency, async ([index, { bio, hasAvatar }]) => {
    const person = idOf(people, index);
    const avatar = hasAvatar ? await upload(bulk, await drawAvatar(index), `demo-avatar-${index}`, person) : undefined;
    accepted(await bulk.many(updateProfile, [{ bio, avatar }], person));
    advance(1);
  });
}

async function loadPosts(loaded: Loaded): Promise<void> {
  const { bulk, log, concurrency, world, people, at } = loaded;
  const advance = progressOf(log, 'posts', world.posts.length);
  const ids: string[] = [];
  const byAuthor = Map.groupBy(world.posts.entries(), ([, { author }]) => author);
  await forEachOf(byAuthor, concurrency, async ([author, posts]) => {
    const person = idOf(people, author);
    const inputs = [];
    for (const [index, { text, picture, minutesAgo }] of posts) {
      const shown =
        picture === null ? [] : [await upload(bulk, await drawPicture(picture), `demo-picture-${picture}`, person)];
      inputs.push({ text, attachments: shown, createdAt: at(minutesAgo), idempotencyKey: `demo-post-${index}` });
    }
    const made = accepted(await bulk.many(createPost, inputs, person));
    posts.forEach(([index], place) => (ids[index] = made[place]?.post?.id ?? ''));
    advance(posts.length);
  });
  await Promise.all([loadComments(loaded, ids), loadLikes(loaded, ids)]);
}

async function loadComments(loaded: Loaded, posts: readonly string[]): Promise<void> {
  const { bulk, log, concurrency, world, people, at } = loaded;
  const advance = progressOf(log, 'comments', world.comments.length);
  const byAuthor = Map.groupBy(world.comments.entries(), ([, { author }]) => author);
  await forEachOf(byAuthor, concurrency, async ([author, comments]) => {
    const inputs = comments.map(([index, { post, text, minutesAgo }]) => ({
      postId: idOf(posts, post),
      text,
      createdAt: at(minutesAgo),
      idempotencyKey: `demo-comment-${index}`,
    }));
    accepted(await bulk.many(createComment, inputs, idOf(people, author)));
    advance(comments.length);
  });
}

async function loadLikes({ bulk, log, concurrency, world, people }: Loaded, posts: readonly string[]): Promise<void> {
  const advance = progressOf(log, 'likes', world.likes.length);
  await forEachOf(
    Map.groupBy(world.likes, ({ by }) => by),
    concurrency,
    async ([by, likes]) => {
      const liked = likes.map(({ post }) => idOf(posts, post));
      accepted(await bulk.many(likePost, liked, idOf(people, by)));
      advance(likes.length);
    },
  );
}

/** The messages of a room one after another, for their order is that of arrival. */
async function loadRooms({ bulk, log, world, people, at }: Loaded): Promise<void> {
  const total = [...world.rooms, ...world.directs].reduce((sum, { messages }) => sum + messages.length, 0);
  const advance = progressOf(log, 'messages', total);
  const send = async (roomId: string, messages: Room['messages'], name: string) => {
    for (const [index, { author, text, minutesAgo }] of messages.entries()) {
      const message = { roomId, text, createdAt: at(minutesAgo), clientId: `demo-message-${name}-${index}` };
      await bulk.request(SendMessage, { input: message }, idOf(people, author));
      advance(1);
    }
  };
  await forEachOf(
    world.rooms.entries(),
    world.rooms.length,
    async ([number, { name, isPublic, members, messages }]) => {
      const [owner = '', ...others] = members.map((member) => idOf(people, member));
      const createdAt = at((messages[0]?.minutesAgo ?? 0) + 60);
      const input = { name, isPublic, memberIds: others, createdAt, idempotencyKey: `demo-room-${number}` };
      const roomId = (await bulk.request(CreateRoomDocument, { input }, owner)).createRoom?.room?.id ?? '';
      await send(roomId, messages, String(number));
    },
  );
  for (const [number, { between, messages }] of world.directs.entries()) {
    const [opener, userId] = between.map((one) => idOf(people, one));
    const { openDirectRoom } = await bulk.request(OpenDirectRoomDocument, { userId: userId ?? '' }, opener);
    await send(openDirectRoom?.room?.id ?? '', messages, `direct-${number}`);
  }
}

async function upload(bulk: Bulk, bytes: Buffer, idempotencyKey: string, person: string): Promise<string> {
  const file = new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' });
  const { uploadMedia } = await bulk.request(UploadMediaDocument, { file, idempotencyKey }, person);
  if (!uploadMedia?.attachmentToken) throw new Error(`the server did not take ${idempotencyKey}`);
  return uploadMedia.attachmentToken;
}

function idOf(ids: readonly string[], index: number): string {
  const id = ids[index];
  if (!id) throw new RangeError(`nothing was stored as number ${index}`);
  return id;
}

/** Nothing of the demo world is for the server to refuse. */
const accepted = <Data>(outcomes: readonly Outcome<Data>[]): Data[] =>
  outcomes.map(({ data, error }) => {
    if (error) throw new Error(`the server refused demo data: ${error.message}`);
    return data;
  });

const TELL_EVERY_MS = 3000;

/** @returns what to call with how much more of one kind is stored; it tells every few seconds, and when all is. */
function progressOf(log: Log, what: string, total: number) {
  let done = 0;
  let told = Date.now();
  return (amount: number) => {
    done += amount;
    if (done < total && Date.now() - told < TELL_EVERY_MS) return;
    told = Date.now();
    log.info(`demo data: ${done} of ${total} ${what}`);
  };
}
