import type { Service } from '../supervisor.ts';
import { roomChannel } from '../../../subgraphs/chat/src/live/room-log.ts';
import type { Crowd, Person } from './people.ts';
import type { Random } from './random.ts';
import { sleep, type System } from './system.ts';

/** More than the 50 events that are kept. */
const BURST = 60;
/** How long rooms may take to be shared again after the fault before. */
const SHARING_LIMIT_MS = 10_000;

export type Fault =
  | 'socketsCut'
  | 'clientAway'
  | 'redisRestarted'
  | 'redisPaused'
  | 'wakeUpsLost'
  | 'chatKilled'
  | 'routerKilled'
  | 'bothKilled'
  | 'databaseCut'
  | 'publishedTwice';

/** What can go wrong: each resolves when that is over, with how many times it went wrong. All are bounded in time. */
export function createFaults(system: System, crowd: Crowd, random: Random): Record<Fault, () => Promise<number>> {
  const some = (share: number): Person[] => crowd.people.filter(() => random.next() < share);
  const kill = (...services: Service[]) => {
    const pids = services.flatMap(({ pid }) => pid ?? []);
    if (pids.length < services.length) return 0; // one is just being started again
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    return 1;
  };
  return {
    async socketsCut() {
      return some(0.3).reduce((count, { way }) => count + way.cut(), 0);
    },
    async clientAway() {
      const person = random.pick(crowd.people);
      person.way.shut();
      try {
        await crowd.burst(person, BURST);
      } finally {
        person.way.open();
      }
      return 1;
    },
    async redisRestarted() {
      await system.redis.restart(() => sleep(random.between(100, 1500)));
      return 1;
    },
    async redisPaused() {
      // Longer than the head check, so that it has something to find.
      await system.redis.pause(random.between(2500, 4500));
      return 1;
    },
    async wakeUpsLost() {
      await system.redis.mute(() => sleep(random.between(2500, 4500)));
      return 1;
    },
    chatKilled: async () => kill(random.pick(system.chats)),
    routerKilled: async () => kill(random.pick(system.routers)),
    async bothKilled() {
      // While people of one room share a socket between them, and all that is on it.
      const before = system.shared.map(({ events }) => events);
      for (const deadline = Date.now() + SHARING_LIMIT_MS; Date.now() < deadline; await sleep(20)) {
        const chat = system.chats.find((_, nth) => (system.shared[nth]?.events ?? 0) > (before[nth] ?? 0));
        if (chat !== undefined && kill(chat, random.pick(system.routers)) > 0) return 1;
      }
      return 0;
    },
    databaseCut: () => system.endDatabaseConnections(),
    async publishedTwice() {
      const redis = system.redis.client();
      try {
        const repeats = crowd.people.flatMap(({ roomId, room }) =>
          [0, 1, 5].map((back) => redis.publish(roomChannel(roomId), String(Math.max(1, room.state.lastSeq - back)))),
        );
        const results = await Promise.allSettled(repeats);
        return results.filter(({ status }) => status === 'fulfilled').length;
      } finally {
        redis.disconnect();
      }
    },
  };
}

/**
 * One fault after the other, in an order that the seed determines: each kind once, and then again, until the time is
 * over and each has happened.
 */
export async function rage(
  faults: ReturnType<typeof createFaults>,
  random: Random,
  { until, tell }: { until: number; tell: (line: string) => void },
): Promise<Record<Fault, number>> {
  const names = Object.keys(faults) as Fault[];
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Fault, number>;
  do {
    for (const name of random.shuffle(names)) {
      if (Date.now() > until && counts[name] > 0) continue;
      const times = await faults[name]();
      counts[name] += times;
      tell(`${name} ${times}`);
      await sleep(random.between(300, 1500));
    }
  } while (Date.now() < until);
  return counts;
}
