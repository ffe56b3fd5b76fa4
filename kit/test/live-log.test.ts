import {
  FOLLOWED,
  LogHubs,
  READERS_CHANGED,
  type LiveBus,
  type LiveStream,
  type LogPage,
  streamLog,
} from '@chorus/kit/live';
import { settle } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { type Random, randomOf } from './execution/random.ts';

type Entry = { seq: number; ends?: string; begins?: string };
type Page = LogPage<Entry> & { joinedSeq: number };
type Hubs = LogHubs<Entry, Page, Frame>;
type Frame = { seq: number } | { reset: number; epoch: string } | 'end';

const seed = Date.now() % 1_000_000;
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A log with readers who come and go; reads take a while, fail at times, and wake-ups are lost or come twice. */
class World {
  readonly random: Random;
  epoch = 'a';
  entries: Entry[] = [];
  lastSeq = 0;
  kept = 1000;
  joined = new Map<string, number>();
  /** What each may be shown: every sequence number while they were members. */
  readonly shown = new Set<string>();
  /** Who left once. */
  readonly left = new Set<string>();
  /** Whether entries were given up, or the log replaced. */
  lost = false;
  reads = 0;
  failing = false;
  /** Whether rights end without an entry. */
  asks = false;
  readonly #listeners = new Set<(seq: number | null) => void>();
  readonly live: LiveBus = {
    publish: () => undefined,
    listen: (_channel, listen) => {
      const listener = listen as (seq: number | null) => void;
      this.#listeners.add(listener);
      void turns(this.random.below(5)).then(() => this.#listeners.has(listener) && listener(null));
      return { close: () => void this.#listeners.delete(listener) };
    },
    stop: () => undefined,
  };

  constructor(seed: number) {
    this.random = randomOf(String(seed));
  }

  append(entry: Omit<Entry, 'seq'> = {}): void {
    const seq = ++this.lastSeq;
    this.entries.push({ seq, ...entry });
    if (entry.ends !== undefined) {
      this.joined.delete(entry.ends);
      this.left.add(entry.ends);
    }
    if (entry.begins !== undefined) this.joined.set(entry.begins, seq);
    for (const user of this.joined.keys()) this.shown.add(`${user} ${seq}`);
    for (let times = this.random.below(3); times > 0; times--) this.wake(seq);
  }
  wake(seq: number | null): void {
    const delay = this.random.below(4);
    void turns(delay).then(() => this.#listeners.forEach((listener) => listener(seq)));
  }

  async read(user: string | null, position: number | null): Promise<Page | null> {
    this.reads++;
    await turns(this.random.below(4));
    if (this.failing && this.random.below(3) === 0) throw new Error('the database ended the connection');
    const joinedSeq = user === null ? 0 : this.joined.get(user);
    const from = Math.max(position ?? this.lastSeq, this.lastSeq - this.kept);
    const entries = this.entries.filter(({ seq }) => seq > from).slice(0, 500);
    const page =
      joinedSeq === undefined
        ? null
        : { epoch: this.epoch, lastSeq: this.lastSeq, joinedSeq, entries, asksReaders: this.asks };
    await turns(this.random.below(4)); // what is committed meanwhile is not in it
    return page;
  }

  stream(hubs: Hubs, user: string, seq: number | null): LiveStream<Frame> {
    return streamLog(
      {
        live: this.live,
        channel: 'log',
        headCheckMs: 30,
        read: (reader, position) => this.read(reader, position),
        tail: (position) => this.read(null, position),
        endsFor: ({ ends }) => ends ?? null,
        readers: async (users) => {
          await turns(1);
          return new Set(users.filter((one) => this.joined.has(one)));
        },
        admits: ({ joinedSeq }, position) => position >= joinedSeq,
        toFrame: ({ seq }) => ({ seq }),
        toReset: ({ seq, epoch }) => ({ reset: seq, epoch }),
        toEnd: () => 'end',
      },
      { reader: user, after: seq === null ? null : { epoch: this.epoch, seq } },
      hubs,
    );
  }
}

/** Takes a stream as a server does: at its own pace, and together with others while it can. */
class Reader {
  readonly frames: Frame[] = [];
  readonly user: string;
  readonly after: number;
  readonly #stream: LiveStream<Frame>;
  readonly #random: Random;
  #parked = false;
  #followed = false;
  done = false;
  joins = 0;

  constructor(world: World, hubs: Hubs, user: string, together: boolean) {
    this.user = user;
    this.after = world.lastSeq - world.random.below(3);
    this.#random = world.random;
    this.#stream = world.stream(hubs, user, this.after);
    if (together) {
      this.#stream.follow({
        joined: () => {
          this.joins++;
          this.#followed = true;
        },
        event: (frame) => {
          if (!this.#followed) throw new Error('an event for one who does not follow');
          this.frames.push(frame);
          return this.#random.below(10) === 0 ? turns(2) : undefined;
        },
        left: () => {
          this.#followed = false;
          if (this.#parked) void this.#go();
        },
      });
    }
    void this.#go();
  }

  /** Ends with an error when the database fails again and again. */
  #go = () => this.#run().catch(() => (this.done = true));
  async #run(): Promise<void> {
    this.#parked = false;
    for (;;) {
      const { done, value } = await this.#stream.nextOrFollowed();
      if (done === true) return void (this.done = true);
      if (value === FOLLOWED) {
        if (!this.#followed) continue;
        this.#parked = true;
        return;
      }
      this.frames.push(value);
      if (this.#random.below(20) === 0) await turns(this.#random.below(60));
    }
  }

  close = async () => {
    this.done = true;
    await this.#stream.return?.();
  };
  /** Where it stands. */
  get position(): number {
    const last = this.frames.findLast((frame) => frame !== 'end');
    return last === undefined ? this.after : 'seq' in last ? last.seq : last.reset;
  }
}

test.each(Array.from({ length: 20 }, (_, index) => seed + index))(
  'each entry once and in order for each who may read it, whatever happens (seed %i)',
  async (seed) => {
    const world = new World(seed);
    const { random } = world;
    const hubs = new LogHubs<Entry, Page, Frame>();
    const users = ['ada', 'bob', 'cem', 'dan'];
    for (const begins of users) world.append({ begins });
    // Whoever reads from before they came would be reset.
    for (let entry = 0; entry < 3; entry++) world.append();
    const readers: Reader[] = [];
    for (let step = 0; step < 300; step++) {
      const user = users[random.below(users.length)] ?? 'ada';
      const action = random.below(100);
      if (action < 15 && world.joined.has(user)) readers.push(new Reader(world, hubs, user, random.below(2) === 0));
      else if (action < 20) await readers[random.below(readers.length + 1)]?.close();
      else if (action < 24 && world.joined.has(user)) {
        world.append({ ends: user });
      } else if (action < 28 && !world.joined.has(user)) world.append({ begins: user });
      else if (action < 30) world.wake(null);
      else if (action < 32) world.failing = !world.failing;
      else if (action < 33 && seed % 4 === 0) {
        world.kept = 3; // retention overtakes whoever is slow
        world.lost = true;
      } else if (action < 34 && seed % 5 === 0) {
        world.epoch += 'b';
        world.lost = true;
      } else for (let count = random.below(4); count > 0; count--) world.append();
      await turns(random.below(6));
    }
    world.failing = false;
    world.append();
    const open = readers.filter(({ done }) => !done);
    await settle(
      () => open.every(({ done, user, position }) => done || (world.joined.has(user) && position === world.lastSeq)),
      { what: `everybody at ${world.lastSeq}` },
    );
    expect(readers.flatMap((reader) => faults(reader, world))).toEqual([]);
    expect(world.lost || readers.some(({ joins }) => joins > 0)).toBe(true);
    await Promise.all(readers.map(({ close }) => close()));
  },
);

/** What is wrong with what a reader was given. */
function faults({ frames, after, user }: Reader, world: World): string[] {
  const found: string[] = [];
  let position = after;
  for (const [index, frame] of frames.entries()) {
    if (frame === 'end') {
      if (index < frames.length - 1) found.push(`${user} heard more after the end`);
    } else if ('reset' in frame) {
      if (!world.lost && !world.left.has(user)) found.push(`a reset of ${user} for no reason`);
      position = frame.reset;
    } else {
      if (frame.seq !== position + 1) found.push(`${frame.seq} came to ${user} after ${position}`);
      if (!world.shown.has(`${user} ${frame.seq}`)) found.push(`${user} was shown ${frame.seq}`);
      position = frame.seq;
    }
  }
  return found;
}

test('who stand at the end are read for once, and a right that ends without an entry ends theirs', async () => {
  const world = new World(seed);
  const hubs = new LogHubs<Entry, Page, Frame>();
  world.append({ begins: 'ada' });
  world.append({ begins: 'bob' });
  const readers = Array.from({ length: 200 }, (_, index) => new Reader(world, hubs, index === 0 ? 'bob' : 'ada', true));
  await settle(() => readers.every(({ joins }) => joins > 0));
  const before = world.reads;
  world.append();
  world.wake(world.lastSeq);
  await settle(() => readers.every(({ position }) => position === 3));
  expect(world.reads - before).toBeLessThan(10); // head checks of 30 ms among them
  world.joined.delete('bob');
  world.wake(READERS_CHANGED);
  await settle(() => readers[0]?.done);
  expect(readers[0]?.frames.at(-1)).toBe('end');
  expect(readers.filter(({ done }) => done)).toHaveLength(1);
  await Promise.all(readers.map(({ close }) => close()));
});

test('where rights end without an entry, the hub asks for them before it hands one on', async () => {
  const world = new World(seed);
  world.asks = true;
  const hubs = new LogHubs<Entry, Page, Frame>();
  world.append({ begins: 'ada' });
  world.append({ begins: 'bob' });
  // Whoever reads from before they came would be reset.
  for (let entry = 0; entry < 3; entry++) world.append();
  const { lastSeq } = world;
  const readers = ['ada', 'bob'].map((user) => new Reader(world, hubs, user, true));
  await settle(() => readers.every(({ joins, position }) => joins > 0 && position === lastSeq));
  world.joined.delete('bob');
  world.append();
  world.wake(world.lastSeq);
  await settle(() => readers[0]?.position === lastSeq + 1 && readers[1]?.done);
  expect(readers[1]?.frames.at(-1)).toBe('end');
  expect(readers.flatMap((reader) => faults(reader, world))).toEqual([]);
  await Promise.all(readers.map(({ close }) => close()));
});
