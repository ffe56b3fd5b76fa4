import type { EventEnvelope, EventName } from '@chorus/schema/events';
import { sources } from '@chorus/schema/events';
import { z } from 'zod';

/** The Redis keys of one source: its stream, and the mark that tells whether Redis still has what was put there. */
export const streamKey = (source: string): string => `chorus:events:${source}`;
export const generationKey = (source: string): string => `chorus:events:${source}:generation`;

/** Outbox rows, and stream entries, are kept this long. */
export const RETENTION_MS = 7 * 24 * 3600 * 1000;

const shape = z.object({
  name: z.string(),
  aggregate: z.string(),
  version: z.string().regex(/^\d+$/),
  payload: z.string(),
  traceparent: z.string().optional(),
});

const isEventName = (name: string): name is EventName => Object.hasOwn(sources, name);

/** Stream fields, flat, of an outbox row. */
export function toFields(row: {
  id: bigint;
  name: string;
  aggregate: string;
  payload: string;
  traceparent: string | null;
}): string[] {
  const fields = ['name', row.name, 'aggregate', row.aggregate, 'version', String(row.id), 'payload', row.payload];
  return row.traceparent === null ? fields : [...fields, 'traceparent', row.traceparent];
}

/** The envelope in an entry's flat fields; null for an event this build does not know. */
export function fromFields(fields: readonly string[]): EventEnvelope | null {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) pairs.push([fields[index] ?? '', fields[index + 1] ?? '']);
  const entry = shape.parse(Object.fromEntries(pairs));
  if (!isEventName(entry.name)) return null;
  return {
    name: entry.name,
    aggregate: entry.aggregate,
    version: BigInt(entry.version),
    payload: JSON.parse(entry.payload),
    ...(entry.traceparent !== undefined && { traceparent: entry.traceparent }),
  };
}
