import { type Report, table } from '../harness/report.ts';
import { median, medianRatio, rounded } from '../harness/statistics.ts';
import type { Delivered } from './audience.ts';
import {
  asked,
  collectedMemory,
  type Contender,
  CONTENDERS,
  gather,
  isThere,
  type Party,
  perCpuSecond,
} from './delivery.ts';
import { type Sent, startSending } from './sending.ts';
import { type Server, startWorld, type World } from './world.ts';

const LISTENERS = 1000;
const SENDS_PER_SECOND = 100;
const TIMED_LISTENERS = 10;

interface Sizes {
  rounds: number;
  /** For which everybody delivers before it is measured: code that runs once for an event is compiled late. */
  warmUpSeconds: number;
  /** In one round. */
  events: number;
  idle: number;
  timed: number;
  sendSeconds: number;
}
const FULL: Sizes = { rounds: 5, warmUpSeconds: 30, events: 150, idle: 5000, timed: 2000, sendSeconds: 8 };
const QUICK: Sizes = { rounds: 2, warmUpSeconds: 5, events: 40, idle: 1000, timed: 500, sendSeconds: 3 };

type Log = (line: string) => void;
type Key = Contender['key'];

/** A busy room, a quiet crowd, and what it takes to say something: Chorus beside what else one could take. */
export async function benchChat({ quick, log }: { quick: boolean; log: Log }): Promise<Report> {
  const sizes = quick ? QUICK : FULL;
  const world = await startWorld(log);
  try {
    const faults: string[] = [];
    const there = CONTENDERS.filter(isThere);
    const deliveries = await benchDelivery(world, there, sizes, { log, faults });
    const idle = await benchIdle(world, there, sizes, { log, faults });
    const { latency, sending } = await benchSending(world, sizes, { log, faults });

    const rateOf = (key: Key) => deliveries.get(key)?.map((one) => one.perCpuSecond) ?? [];
    const versus = (key: Key) => medianRatio(rateOf('chorus'), rateOf(key));
    const [ours, theirs] = [idle.get('chorus'), idle.get('in_hand')];
    const ratios = {
      delivery_vs_per_subscriber: versus('per_subscriber'),
      delivery_vs_in_hand: versus('in_hand'),
      delivery_vs_socketio: versus('socketio'),
      delivery_vs_limit: versus('limit'),
      send_vs_insert: medianRatio(
        sending.map(({ sends }) => sends),
        sending.map(({ inserts }) => inserts),
      ),
      idle_memory_vs_graphql_ws: ours === undefined || theirs === undefined ? null : ours / theirs,
    };
    const absolute = {
      deliveries_per_cpu_second: Object.fromEntries(there.map(({ key }) => [key, rounded(median(rateOf(key)) ?? 0)])),
      idle_kb_per_subscription: Object.fromEntries(Array.from(idle, ([key, kb]) => [key, rounded(kb)])),
      idle_subscriptions: sizes.idle,
      latency_ms: { p50: rounded(latency.p50), p99: rounded(latency.p99), sends_per_second: SENDS_PER_SECOND },
      sends_per_second: rounded(median(sending.map(({ sends }) => sends)) ?? 0),
      inserts_per_second: rounded(median(sending.map(({ inserts }) => inserts)) ?? 0),
    };
    const rows = there.map(({ key, label }) => {
      const bytes = deliveries.get(key)?.[0]?.bytes ?? 0;
      const kb = idle.get(key);
      return [
        label,
        String(absolute.deliveries_per_cpu_second[key]),
        String(bytes),
        kb === undefined ? '' : String(rounded(kb)),
      ];
    });
    return {
      bench: 'chat',
      lines: [
        '',
        ...table([['a room of 1,000', 'deliveries/CPU-s', 'bytes', 'KB/idle'], ...rows]),
        '',
        `from mutation to delivery, ${SENDS_PER_SECOND} a second: p50 ${rounded(latency.p50)} ms, p99 ${rounded(latency.p99)} ms`,
        `stored: ${absolute.sends_per_second} messages a second through the router, ${absolute.inserts_per_second} bare inserts`,
        '',
        ...faults,
      ],
      ratios,
      absolute,
      equal: faults.length === 0,
    };
  } finally {
    await world.stop();
  }
}

interface Context {
  log: Log;
  faults: string[];
}

const note = ({ label }: { label: string }, { faults, fault }: Delivered, context: Context) => {
  if (faults > 0) context.faults.push(`${label}: ${faults} deliveries were wrong: ${fault ?? 'some did not come'}`);
};

/** Everybody is there all the time, and one after the other delivers, A B C, A B C. */
async function benchDelivery(world: World, there: readonly Contender[], sizes: Sizes, context: Context) {
  const found = new Map<Key, (Delivered & { perCpuSecond: number })[]>();
  const parties = new Map<Contender, Party>();
  try {
    for (const contender of there) {
      context.log(`${contender.label}: gathering ${LISTENERS}`);
      const party = await gather(world, contender, LISTENERS);
      parties.set(contender, party);
      const began = performance.now();
      do await perCpuSecond(party, sizes.events);
      while (performance.now() - began < sizes.warmUpSeconds * 1000);
    }
    for (let round = 1; round <= sizes.rounds; round++) {
      context.log(`delivery: round ${round} of ${sizes.rounds}`);
      for (const [contender, party] of parties) {
        const delivered = await perCpuSecond(party, sizes.events);
        note(contender, delivered, context);
        found.set(contender.key, [...(found.get(contender.key) ?? []), delivered]);
      }
    }
  } finally {
    for (const party of parties.values()) await party.stop();
  }
  return found;
}

/** KB that one idle subscription takes, on a socket of its own: what memory grew by. */
async function benchIdle(world: World, there: readonly Contender[], sizes: Sizes, { log }: Context) {
  const found = new Map<Key, number>();
  for (const contender of there.filter(({ key }) => key !== 'per_subscriber')) {
    log(`${contender.label}: ${sizes.idle} idle subscriptions`);
    let before = 0;
    const onStarted = async (server: Server) => {
      before = await collectedMemory(server);
    };
    const party = await gather(world, contender, sizes.idle, { onStarted });
    const after = await collectedMemory(party.server);
    await party.stop();
    found.set(contender.key, ((after - before) * 1024) / sizes.idle);
  }
  return found;
}

async function benchSending(world: World, sizes: Sizes, context: Context) {
  const [contender] = CONTENDERS;
  if (contender === undefined) throw new Error('nobody to measure');
  const party = await gather(world, contender, TIMED_LISTENERS, { place: 'any' });
  try {
    context.log(`sending: ${SENDS_PER_SECOND} a second`);
    const { audience, entrance } = party;
    const run = (events: number) =>
      asked<Delivered>(audience, { ask: 'time', entrance, events, perSecond: SENDS_PER_SECOND });
    await run(sizes.timed / 5);
    const latency = await run(sizes.timed);
    note(contender, latency, context);
    context.log('sending: as many as go');
    const send = await startSending(world, party.server as Parameters<typeof startSending>[1]);
    const sending: Sent[] = [];
    await send(2);
    for (let round = 0; round < sizes.rounds; round++) sending.push(await send(sizes.sendSeconds));
    return { latency, sending };
  } finally {
    await party.stop();
  }
}
