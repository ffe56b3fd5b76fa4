import type { Logger } from 'pino';
import { record } from '../events/outbox.ts';
import { transact } from '../database.ts';
import { createLoop } from '../events/loop.ts';
import type { Relay } from '../events/relay.ts';
import type { Running } from '../service.ts';
import { type Database, sql, type SqlClient } from '../sql.ts';
import { erasedKey } from './policy.ts';

const IDLE_MS = 1000;
/** Rows of the outbox that are looked through in one statement. */
const OUTBOX_WINDOW = 20_000;
/** Longer than anybody's events are kept, and so than any of an erased account can come. */
const REMEMBERED_DAYS = 30;

/** How far the erasing of an account came: there is more to do at once, or what is left takes others a while, or nothing is left. */
export type Erasing = 'more' | 'waiting' | 'done';

/**
 * One step of it, bounded, in the transaction given; outbox and idempotency keys are not its business.
 * @param after called with what is to be done once the step is committed
 */
export type Erase<Tx extends SqlClient> = (
  tx: Tx,
  accountId: string,
  after: (run: () => void) => void,
) => Promise<Erasing>;

interface Pending {
  accountId: string;
  erasureId: string;
}

/**
 * Erases the accounts that are to be, one after the other, and confirms each by `<source>.account.erased`. A crash loses
 * nothing: it begins again, and what is erased already is not there.
 *
 * It begins when every transaction that ran as the account's state became known has ended: whoever began later has seen
 * the state (requireOpenAccount) and added nothing. So nothing is added behind its back.
 */
export function startEraser<Tx extends SqlClient>(options: {
  source: 'posts' | 'chat' | 'media';
  db: Database<Tx>;
  relay: Relay;
  logger: Logger;
  erase: Erase<Tx>;
}): Running {
  const { source, db, relay, logger, erase } = options;

  const step = async ({ accountId, erasureId }: Pending): Promise<'again' | 'idle'> => {
    let after: (() => void)[] = [];
    const erasing = await transact(db, (tx) => {
      after = [];
      return erase(tx, accountId, (run) => after.push(run));
    });
    for (const run of after) run();
    if (erasing !== 'done') return erasing === 'more' ? 'again' : 'idle';
    if (!(await forgetTraces(db, accountId))) return 'idle';
    await transact(db, async (tx) => {
      await tx.$executeRaw(sql`
        insert into erased_account (key) values (${erasedKey(accountId)}) on conflict (key) do update set erased_at = now()`);
      // Told again meanwhile, it is confirmed again.
      const forgotten = await tx.$executeRaw(sql`
        delete from account_state where account_id = ${accountId} and erasure_id = ${erasureId}`);
      if (forgotten > 0) await record(tx, `${source}.account.erased`, erasureId, { erasureId });
    });
    relay.wake();
    logger.info({ erasureId }, 'an account is erased');
    return 'again';
  };

  return createLoop({
    name: 'eraser of accounts',
    logger,
    idleMs: IDLE_MS,
    async turn() {
      await db.$executeRaw(sql`
        delete from erased_account where key in (
          select key from erased_account where erased_at < now() - ${REMEMBERED_DAYS} * interval '1 day' limit 1000)`);
      await db.$executeRaw(sql`
        update account_state set noticed_at = clock_timestamp() where erasure_id is not null and noticed_at is null`);
      const pending = await db.$queryRaw<Pending[]>(sql`
        select account_id as "accountId", erasure_id as "erasureId" from account_state
        where erasure_id is not null and not exists (
          select from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and xact_start <= noticed_at)
        order by random() limit 1`); // at random: one that fails does not hold up the others
      const [next] = pending;
      return next === undefined ? 'idle' : step(next);
    },
  });
}

/**
 * Deletes what kit's own tables keep of an account: its idempotency keys, and events that name it. What those told is
 * told; should Redis lose its data just now, nobody misses news of an account that is gone.
 * @returns whether nothing is left
 */
async function forgetTraces(db: SqlClient, accountId: string): Promise<boolean> {
  await db.$executeRaw(sql`delete from idempotency_key where viewer_id = ${accountId}`);
  return forgetEvents(db, accountId);
}

/** @returns whether no event that names the account waits to be published; the others are deleted */
export async function forgetEvents(db: SqlClient, accountId: string): Promise<boolean> {
  const [range] = await db.$queryRaw<{ low: bigint | null; high: bigint | null }[]>(sql`
    select min(id) as low, max(id) as high from outbox_event`);
  const low = range?.low ?? 0n;
  const high = range?.high ?? -1n;
  const names = sql`strpos(payload::text, ${accountId}) > 0 or strpos(aggregate, ${accountId}) > 0`;
  let waiting = false;
  for (let from = low; from <= high; from += BigInt(OUTBOX_WINDOW)) {
    const within = sql`id >= ${from} and id < ${from + BigInt(OUTBOX_WINDOW)} and (${names})`;
    await db.$executeRaw(sql`delete from outbox_event where published_at is not null and ${within}`);
    const left = await db.$queryRaw<object[]>(sql`select 1 from outbox_event where ${within} limit 1`);
    waiting ||= left.length > 0;
  }
  return !waiting;
}
