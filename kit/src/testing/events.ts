import { randomUUID } from 'node:crypto';
import { type EventEnvelope, type EventName, sources } from '@chorus/schema/events';
import type { Redis } from 'ioredis';
import { generationKey, streamKey, toFields } from '../events/streams.ts';

/** Puts an event on the stream of its source, as that source's relay would: for tests of those who consume it. */
export async function publishEvent<Name extends EventName>(redis: Redis, event: EventEnvelope<Name>): Promise<void> {
  const { name, aggregate, version, payload, traceparent = null } = event;
  const source = sources[name];
  const fields = toFields({ id: version, name, aggregate, payload: JSON.stringify(payload), traceparent });
  await redis
    .multi()
    .setnx(generationKey(source), randomUUID())
    .xadd(streamKey(source), '*', ...fields)
    .exec();
}
