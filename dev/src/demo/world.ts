import { en, Faker } from '@faker-js/faker';
import {
  common,
  communities,
  type Community,
  everyday,
  openRooms,
  type Question,
  replies,
  smallTalk,
} from './phrases.ts';

/** The demo world. People are named by their place in `people`; times are minutes before the world is loaded. */
export interface World {
  people: Person[];
  follows: { follower: number; followed: number }[];
  posts: { author: number; text: string; picture: number | null; minutesAgo: number }[];
  comments: { post: number; author: number; text: string; minutesAgo: number }[];
  likes: { post: number; by: number }[];
  rooms: Room[];
  /** Conversations of two. */
  directs: Direct[];
  /** How many pictures posts show. */
  pictures: number;
}

export interface Person {
  handle: string;
  name: string;
  bio: string;
  community: number;
  hasAvatar: boolean;
  /** Minutes. */
  joinedAgo: number;
}

export interface Direct {
  between: [number, number];
  messages: Room['messages'];
}

export interface Room {
  name: string;
  /** Anybody may read and join it. */
  isPublic: boolean;
  /** The first one made it. */
  members: number[];
  messages: { author: number; text: string; minutesAgo: number }[];
}

/** The two people with log-ins, first in `people`. */
export const LOG_INS = [
  { handle: 'ada', name: 'Ada Winter', email: 'ada@example.test' },
  { handle: 'grace', name: 'Grace Okafor', email: 'grace@example.test' },
] as const;
export const DEMO_PASSWORD = 'chorus-demo';

const PEOPLE = 200;
const POSTS = 800;
const COMMENTS = 1500;
const LIKES = 3000;
const MESSAGES = 1500;
const PICTURES = 60;
const AVATARS = 60;
/** The oldest post is this old. */
const SPAN_MINUTES = 28 * 24 * 60;
const GLOBAL_HUBS = 5;

/** Makes the same world from the same seed, every time and everywhere. */
export function generateWorld(seed = 1815): World {
  const faker = new Faker({ locale: [en], seed });
  const random = randomOf(faker);
  const people = makePeople(faker, random);
  const follows = makeFollows(people, random);
  const posts = makePosts(people, random);
  return {
    people,
    follows,
    posts,
    comments: makeComments(people, follows, posts, random),
    likes: makeLikes(follows, posts, random),
    rooms: makeRooms(people, random),
    directs: makeDirects(random),
    pictures: PICTURES,
  };
}

interface Random {
  /** From 0 to below 1. */
  unit(): number;
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
  /** So many different ones, in random order; all when there are fewer. */
  some<T>(items: readonly T[], count: number): T[];
}

function randomOf(faker: Faker): Random {
  const below = (limit: number) => faker.number.int({ min: 0, max: limit - 1 });
  return {
    unit: () => faker.number.float(),
    below,
    pick: (items) => faker.helpers.arrayElement(items),
    some: (items, count) => faker.helpers.arrayElements(items, Math.min(count, items.length)),
  };
}

const communityOf = (index: number): Community => {
  const community = communities[index];
  if (community === undefined) throw new RangeError(`there is no community ${index}`);
  return community;
};

function makePeople(faker: Faker, random: Random): Person[] {
  const taken = new Set<string>(LOG_INS.map(({ handle }) => handle));
  const withAvatar = new Set([0, 1, ...random.some(numbers(PEOPLE).slice(2), AVATARS - 2)]);
  return numbers(PEOPLE).map((index) => {
    const community = index % communities.length;
    const logIn = LOG_INS[index];
    const [first, last] = [faker.person.firstName(), faker.person.lastName()];
    const handle = logIn?.handle ?? freeHandle(first, last, taken, random);
    taken.add(handle);
    return {
      handle,
      name: logIn?.name ?? `${first} ${last}`,
      bio: write(random.pick(communityOf(community).bios), communityOf(community), random),
      community,
      hasAvatar: withAvatar.has(index),
      joinedAgo: SPAN_MINUTES + random.below(300 * 24 * 60),
    };
  });
}

function freeHandle(first: string, last: string, taken: ReadonlySet<string>, random: Random): string {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const [one, two] = [plain(first), plain(last)];
  const forms = [one, `${one}.${two}`, `${one}_${two.slice(0, 1)}`, `${two}${one.slice(0, 2)}`, `${one}${two}`];
  const free = forms.filter((form) => /^[a-z0-9_.]{3,30}$/.test(form) && !taken.has(form));
  return free.length > 0 ? random.pick(free) : `${one.slice(0, 20)}${taken.size}`;
}

/** Communities with two hubs each, many follows given back, a few people whom everybody knows, bridges between. */
function makeFollows(people: readonly Person[], random: Random): World['follows'] {
  const all = numbers(people.length);
  const membersOf = (community: number) => all.filter((index) => people[index]?.community === community);
  const globalHubs = all.slice(2, 2 + GLOBAL_HUBS);
  const pairs = new Set<string>();
  const add = (follower: number, followed: number) => {
    if (follower !== followed) pairs.add(`${follower} ${followed}`);
  };
  for (const [index, { community }] of people.entries()) {
    const others = membersOf(community).filter((other) => other !== index);
    const isLogIn = index < LOG_INS.length;
    const near = isLogIn ? others : random.some(others, 4 + Math.floor(random.unit() ** 2 * 12));
    const far = random.some(all, isLogIn ? 25 : 1 + random.below(4));
    for (const other of [...near, ...far]) {
      add(index, other);
      if (random.unit() < (near.includes(other) ? 0.6 : 0.3)) add(other, index);
    }
    for (const hub of others.slice(0, 2)) if (random.unit() < 0.7) add(index, hub);
    for (const hub of globalHubs) if (random.unit() < 0.42) add(index, hub);
  }
  return [...pairs].map((pair) => {
    const [follower = 0, followed = 0] = pair.split(' ').map(Number);
    return { follower, followed };
  });
}

function makePosts(people: readonly Person[], random: Random): World['posts'] {
  const texts = new Set<string>();
  const pictured = new Set(random.some(numbers(POSTS), PICTURES));
  let picture = 0;
  const posts = numbers(POSTS).map((index) => {
    // Everybody writes once; then few write much, and the two with log-ins five times more.
    const logIn = index < PEOPLE + 10 ? index % LOG_INS.length : -1;
    const author = index < PEOPLE ? index : logIn >= 0 ? logIn : Math.floor(random.unit() ** 1.7 * PEOPLE);
    const community = communityOf(people[author]?.community ?? 0);
    const showsPicture = pictured.has(index);
    const templates = showsPicture ? community.picturePosts : random.unit() < 0.25 ? everyday : community.posts;
    return {
      author,
      text: unused(texts, () => write(random.pick(templates), community, random)),
      picture: showsPicture ? picture++ : null,
      minutesAgo: 5 + Math.floor(random.unit() ** 1.5 * SPAN_MINUTES),
    };
  });
  return posts.toSorted((a, b) => b.minutesAgo - a.minutesAgo);
}

/** A text that nobody has written, if that can be had in a few tries. */
function unused(texts: Set<string>, make: () => string): string {
  let text = make();
  for (let tries = 0; tries < 20 && texts.has(text); tries += 1) text = make();
  texts.add(text);
  return text;
}

/** Mostly by followers, mostly to some posts, within two days. */
function makeComments(
  people: readonly Person[],
  follows: World['follows'],
  posts: World['posts'],
  random: Random,
): World['comments'] {
  const followers = followersOf(follows);
  const comments = numbers(COMMENTS).map(() => {
    const post = Math.floor((1 - random.unit() ** 1.6) * posts.length);
    const { author, minutesAgo } = postAt(posts, post);
    const by = random.unit() < 0.1 ? author : random.pick(followers.get(author) ?? numbers(people.length));
    const delay = 1 + Math.floor(random.unit() ** 2 * Math.min(2880, minutesAgo - 2));
    return { post, author: by, text: random.pick(replies), minutesAgo: minutesAgo - delay };
  });
  return comments.toSorted((a, b) => b.minutesAgo - a.minutesAgo);
}

function makeLikes(follows: World['follows'], posts: World['posts'], random: Random): World['likes'] {
  const followers = followersOf(follows);
  const pairs = new Map<string, World['likes'][number]>();
  while (pairs.size < LIKES) {
    const post = random.below(posts.length);
    const by = random.pick(followers.get(postAt(posts, post).author) ?? [0]);
    pairs.set(`${post} ${by}`, { post, by });
  }
  return [...pairs.values()];
}

function makeRooms(people: readonly Person[], random: Random): Room[] {
  const all = numbers(people.length);
  const logIns = numbers(LOG_INS.length);
  const names = [...communities.map(({ room }) => room), ...openRooms];
  return names.map((name, index) => {
    const ofAll = index >= communities.length;
    const pool = ofAll ? all : all.filter((one) => people[one]?.community === index);
    const members = random.some(pool, ofAll ? 30 : 18).filter((one) => !logIns.includes(one));
    // Both are in every open room, and in their communities' own.
    const joined = ofAll ? [...logIns, ...members] : [...logIns.filter((one) => pool.includes(one)), ...members];
    const share = Math.floor(MESSAGES / names.length);
    return {
      name,
      isPublic: ofAll,
      members: joined,
      messages: makeConversations(joined, share, ofAll ? null : index, random),
    };
  });
}

/** The two with log-ins write to each other. */
function makeDirects(random: Random): Direct[] {
  return [{ between: [0, 1], messages: makeConversations([0, 1], 12, null, random) }];
}

/** Conversations one after another: somebody asks, others answer, the first asks back, one answers, thanks. */
function makeConversations(members: readonly number[], count: number, community: number | null, random: Random) {
  const turns: { author: number; text: string; gap: number }[] = [];
  let before: Question | undefined;
  while (turns.length < count) {
    const about = communityOf(community ?? random.below(communities.length));
    const question = random.pick([...about.questions, ...smallTalk].filter((one) => one !== before));
    before = question;
    const meaning = new Map<string, string>();
    const say = (author: number, text: string, gap: number) =>
      turns.push({ author, text: write(text, about, random, meaning), gap });
    const [asker = 0, ...others] = random.some(members, 4);
    const answers = random.some(question.answers, 2 + random.below(2));
    say(asker, question.ask, 30 + random.below(600));
    answers.forEach((answer, place) => say(others[place] ?? asker, answer, 1 + random.below(9)));
    say(asker, question.followUp, 1 + random.below(5));
    say(others[0] ?? asker, random.pick(REASSURANCES), 1 + random.below(5));
    say(asker, question.thanks, 1 + random.below(90));
  }
  // Told backwards from now, so that the last conversation is a fresh one.
  let minutesAgo = random.below(20);
  const messages = turns.slice(0, count).toReversed();
  return messages
    .map(({ author, text, gap }) => {
      const message = { author, text, minutesAgo };
      minutesAgo += gap;
      return message;
    })
    .toReversed();
}

const REASSURANCES = [
  'Give it a try and see.',
  'I would think so.',
  'Hard to say from here, but yes.',
  'Usually. Ask me again next week.',
  'Yes! Trust me on this one.',
  'Let me look that up. Yes.',
];

/** Fills the slots of a template. `meaning` keeps what each stands for, to be the same in a whole conversation. */
function write(template: string, { slots }: Community, random: Random, meaning = new Map<string, string>()): string {
  const text = template.replaceAll(/\{(\w+)\}/g, (_, slot: string) => {
    const phrase = meaning.get(slot) ?? random.pick(slots[slot] ?? common[slot] ?? [slot]);
    meaning.set(slot, phrase);
    return phrase;
  });
  return text.replaceAll(/(^|[.?!] )([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function followersOf(follows: World['follows']): Map<number, number[]> {
  const map = new Map<number, number[]>();
  for (const { follower, followed } of follows) map.set(followed, [...(map.get(followed) ?? []), follower]);
  return map;
}

const postAt = (posts: World['posts'], index: number): World['posts'][number] => {
  const post = posts[index];
  if (post === undefined) throw new RangeError(`there is no post ${index}`);
  return post;
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
