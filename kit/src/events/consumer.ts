import type { EventEnvelope, EventName } from '@chorus/schema/events';
import { sources } from '@chorus/schema/events';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { endRedis } from '../redis.ts';
import { sql, type Database, type SqlClient } from '../sql.ts';
import { withConsumerSpan } from '../telemetry/index.ts';
import { createLoop } from './loop.ts';
import { fromFields, generationKey, streamKey } from './streams.ts';

const BATCH = 200;
/** Where only a batch handler works: it costs a transaction, not so much for each event. */
const LARGE_BATCH = 5000;
const BLOCK_MS = 1000;

/** How a subgraph applies an event to its projection: in the transaction given, and only when the version is higher. */
export type Handlers<Tx extends SqlClient> = {
  [Name in EventName]?: (tx: Tx, event: EventEnvelope<Name>) => Promise<void>;
};

/** An event of one of these names, which says what payload it has. */
export type EventOf<Name extends EventName> = { [One in Name]: EventEnvelope<One> }[Name];

/**
 * Applies many events at once, for what set-based SQL does better than one handler call each: all events of its names
 * that were read together from one stream, in their order, at most 5,000. Each may have come before, as with any handler.
 */
export interface BatchHandler<Tx extends SqlClient, Name extends EventName = EventName> {
  names: readonly Name[];
  /** Does all that needs no database, and changes nothing: while Postgres applies one batch, the next is prepared. */
  prepare(events: readonly EventOf<Name>[]): PreparedBatch<Tx>;
}

/**
 * Applies the events in the transaction given, if it is called at all. What it returns is called when that has committed;
 * it must not throw.
 */
export type PreparedBatch<Tx extends SqlClient> = (tx: Tx) => Promise<(() => void) | void>;

interface Position {
  generation: string;
  entry: string;
}
const START: Position = { generation: '', entry: '0-0' };

/** What was read together from one stream. */
interface Read<Tx extends SqlClient> {
  source: string;
  from: Position;
  events: EventEnvelope[];
  /** Null where there is nothing for the batch handler. */
  batch: PreparedBatch<Tx> | null;
  /** The last entry. */
  to: string;
  /** Whether there may be more. */
  full: boolean;
}

/**
 * Follows the streams of all sources that `handlers` and `batch` name. The position in each stream is stored in the same
 * transaction as what the events changed, so each is applied once; when Redis lost the stream, reading starts over and
 * versions keep old events from doing harm. Several processes may run the same consumer: the row lock on the position
 * lets one at a time apply, and another that read the same entries finds the position moved and drops them.
 * @param redis its own connection, for it blocks
 * @param onCommitted hears when what handlers did is committed: the time for wake-ups
 */
export function startConsumers<Tx extends SqlClient, Name extends EventName = never>(options: {
  db: Database<Tx>;
  redis: Redis;
  logger: Logger;
  handlers?: Handlers<Tx>;
  batch?: BatchHandler<Tx, Name>;
  onCommitted?: () => void;
}): { stop(): Promise<void> } {
  const { db, redis, logger, handlers = {}, batch, onCommitted } = options;
  const names = Object.keys(handlers).filter((name): name is EventName => Object.hasOwn(sources, name));
  const followed = [...new Set([...names, ...(batch?.names ?? [])].map((name) => sources[name]))];
  const size = names.length === 0 ? LARGE_BATCH : BATCH;
  const positions = new Map<string, Position>();
  /** What follows full batches: read while those are applied. */
  let ahead: Promise<Read<Tx>[]> = Promise.resolve([]);

  const apply = async (tx: Tx, event: EventEnvelope) => {
    const handler = handlers[event.name] as ((tx: Tx, event: EventEnvelope) => Promise<void>) | undefined;
    if (handler === undefined) return;
    const attributes = { 'chorus.event.name': event.name, 'chorus.event.aggregate': event.aggregate };
    await withConsumerSpan(streamKey(sources[event.name]), event, attributes, () => handler(tx, event));
  };

  const prepare = (source: string, events: readonly EventEnvelope[]): PreparedBatch<Tx> | null => {
    if (batch === undefined) return null;
    const inBatch = (event: EventEnvelope): event is EventEnvelope & EventOf<Name> =>
      batch.names.some((name) => name === event.name);
    const own = events.filter(inBatch);
    if (own.length === 0) return null;
    const attributes = { 'messaging.batch.message_count': own.length };
    const first = own.length === 1 ? own[0] : null;
    const prepared = batch.prepare(own);
    return (tx) => withConsumerSpan(streamKey(source), first, attributes, () => prepared(tx));
  };

  const storedPosition = async (source: string): Promise<Position> => {
    const [row] = await db.$queryRaw<Position[]>(
      sql`select generation, entry from event_position where source = ${source}`,
    );
    return row ?? START;
  };

  /** Where to read from now: the stored position, or the start of a stream that is not the one it belongs to. */
  const refresh = async (source: string): Promise<Position | null> => {
    const generation = await redis.get(generationKey(source));
    if (generation === null) return null; // nothing published yet, or lost and not yet republished
    const known = positions.get(source) ?? (await storedPosition(source));
    const position = known.generation === generation ? known : { generation, entry: '0-0' };
    positions.set(source, position);
    return position;
  };

  /** @param blockMs how long to wait when there is nothing; null: not at all */
  const read = async (from: readonly [string, Position][], blockMs: number | null): Promise<Read<Tx>[]> => {
    const streams = [...from.map(([source]) => streamKey(source)), ...from.map(([, { entry }]) => entry)];
    const answer = await (blockMs === null
      ? redis.xread('COUNT', size, 'STREAMS', ...streams)
      : redis.xread('COUNT', size, 'BLOCK', blockMs, 'STREAMS', ...streams));
    return (answer ?? []).flatMap(([key, entries]) => {
      const [source, position] = from.find(([source]) => streamKey(source) === key) ?? [];
      if (source === undefined || position === undefined) return [];
      const events = entries.flatMap(([, fields]) => fromFields(fields) ?? []);
      const to = entries.at(-1)?.[0] ?? position.entry;
      const full = entries.length === size;
      return [{ source, from: position, events, batch: prepare(source, events), to, full }];
    });
  };

  /** What cannot be read now is asked for again in its turn. */
  const readAfter = (readable: readonly [string, Position][], batches: readonly Read<Tx>[]): Promise<Read<Tx>[]> =>
    read(
      readable.map(([source, position]) => {
        const batch = batches.find((one) => one.source === source);
        return [source, batch === undefined ? position : { generation: position.generation, entry: batch.to }];
      }),
      null,
    ).catch(() => []);

  const advance = async ({ source, from, events, batch, to }: Read<Tx>): Promise<Position> => {
    let committed = () => {};
    const reached = await db.$transaction(
      async (tx) => {
        await tx.$executeRaw(sql`
          insert into event_position (source, generation, entry) values (${source}, '', '0-0')
          on conflict (source) do nothing`);
        const [row] = await tx.$queryRaw<Position[]>(
          sql`select generation, entry from event_position where source = ${source} for update`,
        );
        const stored = row ?? START;
        const expected = stored.generation === from.generation ? from.entry === stored.entry : from.entry === '0-0';
        if (!expected) return stored; // another process was faster
        for (const event of events) await apply(tx, event);
        committed = (await batch?.(tx)) ?? committed;
        const reached = { generation: from.generation, entry: to };
        await tx.$executeRaw(sql`
          update event_position set generation = ${reached.generation}, entry = ${reached.entry}, updated_at = now()
          where source = ${source}`);
        return reached;
      },
      { timeout: 30_000, maxWait: 10_000 },
    );
    committed();
    return reached;
  };

  const turn = async (): Promise<'again' | 'idle'> => {
    const readable: [string, Position][] = [];
    for (const source of followed) {
      const position = await refresh(source);
      if (position !== null) readable.push([source, position]);
    }
    if (readable.length === 0) return 'idle';
    const early = (await ahead).filter(({ source, from }) =>
      readable.some(([one, at]) => one === source && at.generation === from.generation && at.entry === from.entry),
    );
    const batches = early.length > 0 ? early : await read(readable, BLOCK_MS);
    ahead = batches.some(({ full }) => full) ? readAfter(readable, batches) : Promise.resolve([]);
    for (const batch of batches) {
      positions.delete(batch.source); // read again from the database should this fail
      positions.set(batch.source, await advance(batch));
      onCommitted?.();
    }
    return 'again';
  };

  const loop = createLoop({ name: 'event consumer', logger, idleMs: 250, turn });
  return {
    async stop() {
      const stopped = loop.stop();
      endRedis(redis); // and a blocked read with it
      await stopped;
    },
  };
}
