import { createFaults, rage } from './faults.ts';
import { gather } from './people.ts';
import { createRandom } from './random.ts';
import { startSystem } from './system.ts';
import { verify } from './verify.ts';

export interface StormOptions {
  /** A folder of its own. */
  dir: string;
  seconds: number;
  seed: number;
  people?: number;
  rooms?: number;
  tell: (line: string) => void;
}

export interface StormReport {
  proof: 'storm';
  passed: boolean;
  seed: number;
  people: number;
  rooms: number;
  messages: number;
  /** What people did, how often. */
  deeds: Record<string, number>;
  faults: Record<string, number>;
  recoveries: Record<string, number>;
  /** Events that were executed once for people of one room at one router. */
  shared: number;
  /** What clients had to do. */
  clients: Record<string, number>;
  wrong: readonly string[];
}

/**
 * Proves that live chat loses nothing: many people in many rooms, real processes, and faults of every kind for so many
 * seconds. In the end each client's state equals a fresh query, each event was heard once and in order, and each
 * acknowledged message is there once. A run in which a way of recovering was never taken proves nothing, and fails.
 */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const { dir, seconds, seed, people = 200, rooms = 50, tell } = options;
  const random = createRandom(seed);
  const system = await startSystem(dir);
  try {
    tell('2 routers, 2 chats, users, Postgres and Redis are up');
    const crowd = await gather(system, random, { people, rooms });
    try {
      tell(`${people} people hold ${rooms} rooms`);
      const over = new AbortController();
      const acting = crowd.act(over.signal);
      const faults = createFaults(system, crowd, random);
      const counts = await rage(faults, random, { until: Date.now() + seconds * 1000, tell });
      over.abort();
      await acting;
      // Nobody is woken by these, no connection breaks, and nothing comes after them: only who looks by himself finds them.
      await system.redis.mute(() => crowd.lastWords());
      tell('calm; comparing');
      const wrong = await verify(crowd);
      for (const [way, times] of Object.entries(system.recoveries)) {
        if (times === 0) wrong.push(`no stream ever recovered by ${way}: nothing is proven about it`);
      }
      for (const [fault, times] of Object.entries(counts)) if (times === 0) wrong.push(`${fault} never happened`);
      const shared = system.shared.reduce((sum, { events }) => sum + events, 0);
      if (shared === 0) wrong.push('no event was ever shared: nothing is proven about tails');
      const clients: Record<string, number> = {};
      for (const { room } of crowd.people.flatMap(({ held }) => held)) {
        for (const [name, count] of Object.entries(room.diagnostics)) clients[name] = (clients[name] ?? 0) + count;
      }
      return {
        proof: 'storm',
        passed: wrong.length === 0,
        seed,
        people,
        rooms,
        messages: crowd.acknowledged.length,
        deeds: crowd.deeds,
        faults: counts,
        recoveries: system.recoveries,
        shared,
        clients,
        wrong,
      };
    } finally {
      await crowd.stop();
    }
  } finally {
    await system.stop();
  }
}
