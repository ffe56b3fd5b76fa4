import type { BatchHandler, EventOf } from '@chorus/kit/events';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { type EventName, sources } from '@chorus/schema/events';

const confirmations = ['posts.account.erased', 'chat.account.erased', 'media.account.erased'] as const;
type Confirmation = (typeof confirmations)[number];

/** The subgraphs that confirm that nothing of an account is left in them. */
export const erasers = confirmations.map((name) => sources[name]);

const isConfirmation = (event: { name: EventName }): event is EventOf<Confirmation> =>
  confirmations.some((name) => name === event.name);

/** Notes who has confirmed, besides what `batch` does: one consumer reads each stream. */
export const withConfirmations = <Name extends EventName>(
  batch: BatchHandler<SqlClient, Name>,
): BatchHandler<SqlClient, Name | Confirmation> => ({
  names: [...confirmations, ...batch.names],
  prepare(events) {
    const confirmed: EventOf<Confirmation>[] = [];
    const others: EventOf<Name>[] = [];
    for (const event of events) {
      if (isConfirmation(event)) confirmed.push(event);
      else others.push(event as EventOf<Name>);
    }
    const apply = others.length === 0 ? undefined : batch.prepare(others);
    return async (tx) => {
      for (const { name, payload } of confirmed) await confirm(tx, sources[name], payload.erasureId);
      return apply?.(tx);
    };
  },
});

/** Once is enough, and a deletion that is forgotten was confirmed by all. */
const confirm = (tx: SqlClient, source: string, erasureId: string) =>
  tx.$executeRaw(sql`
    update deletion set confirmed_by = array_append(confirmed_by, ${source})
    where id = ${erasureId} and not (${source} = any(confirmed_by))`);
