import type { EventName, Events } from '@chorus/schema/events';
import { sql, type SqlClient } from '../sql.ts';
import { injectTrace } from '../telemetry/index.ts';

/**
 * Records an event in the transaction that makes the change. Call it after the statement that locks the aggregate's row:
 * the outbox id is the event's version, and drawing it under that lock is what makes versions of one aggregate grow in
 * the order of its changes.
 */
export async function record<Name extends EventName>(
  tx: SqlClient,
  name: Name,
  aggregate: string,
  payload: Events[Name],
): Promise<void> {
  await tx.$executeRaw(sql`
    insert into outbox_event (name, aggregate, payload, traceparent)
    values (${name}, ${aggregate}, ${JSON.stringify(payload)}::jsonb, ${injectTrace().traceparent ?? null})`);
}
