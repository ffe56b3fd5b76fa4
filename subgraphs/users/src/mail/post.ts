import type { Logger } from '@chorus/kit/logger';
import { createLoop } from '@chorus/kit/loop';
import { newId } from '@chorus/kit/ids';
import type { Running } from '@chorus/kit/service';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { compose, type Facts, type LetterKind, REPLACED } from './letter.ts';
import { Refused, type Transport } from './transport.ts';

/** How long a letter without a code is of use. */
const KEPT_MS = 3 * 24 * 3_600_000;
const BATCH = 10;
const IDLE_MS = 1000;
const SEND_LIMIT_MS = 20_000;
/** A letter tried so often, over half a day, is given up. */
export const MAX_ATTEMPTS = 20;
/** The first pause is longer than sending may take, so that a letter under way is not sent by another process as well. */
const FIRST_PAUSE_S = 30;
const LONGEST_PAUSE_S = 3600;

export interface ToWrite<Kind extends LetterKind> {
  userId: string;
  to: string;
  kind: Kind;
  facts: Facts[Kind];
  /** After that it would be of no use. */
  expiresAt?: Date;
}

/**
 * Writes a letter in the transaction of the change that it tells of, so that a mail server that is down neither fails the
 * change nor loses the letter.
 */
export async function writeLetter<Kind extends LetterKind>(tx: SqlClient, letter: ToWrite<Kind>): Promise<void> {
  const { userId, to, kind, facts, expiresAt = new Date(Date.now() + KEPT_MS) } = letter;
  await tx.$executeRaw(sql`
    with replaced as (delete from letter where ${REPLACED.has(kind)} and user_id = ${userId} and kind = ${kind})
    insert into letter (id, user_id, recipient, kind, facts, expires_at)
    values (${newId('ltr')}, ${userId}, ${to}, ${kind}, ${JSON.stringify(facts)}::jsonb, ${expiresAt})`);
}

export interface Postman extends Running {
  /** A letter was committed. */
  wake(): void;
}

interface Waiting {
  id: string;
  to: string;
  kind: LetterKind;
  facts: Facts[LetterKind];
  attempts: number;
}

/**
 * Sends what waits, the longest due first: at once, and again after growing pauses of up to an hour while it fails. A letter
 * that was sent is deleted, and with it the secrets in it; so is one that is out of date, that its receiver refuses for
 * good, or that failed 20 times. Several processes share the work; a letter is sent twice only when one dies over it.
 */
export function startPostman(options: { db: SqlClient; transport: Transport; logger: Logger }): Postman {
  const { db, transport, logger } = options;
  const stopping = new AbortController();

  const send = async ({ id, to, kind, facts, attempts }: Waiting): Promise<void> => {
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(SEND_LIMIT_MS)]);
      await transport.send({ id, to, ...compose(kind, facts) }, signal);
    } catch (err) {
      if (stopping.signal.aborted) return;
      if (!(err instanceof Refused)) return logger.warn({ err, id, kind, attempts }, 'a letter could not be sent yet');
      logger.warn({ err, id, kind }, 'a letter was refused for good');
    }
    await db.$executeRaw(sql`delete from letter where id = ${id}`);
  };

  const loop = createLoop({
    name: 'letters',
    logger,
    idleMs: IDLE_MS,
    turn: async () => {
      const given = await db.$queryRaw<{ kind: string }[]>(sql`
        delete from letter where due_at <= now() and (expires_at <= now() or attempts >= ${MAX_ATTEMPTS})
        returning kind`);
      if (given.length > 0) logger.error({ kinds: given.map(({ kind }) => kind) }, 'letters were given up');
      // Taken by moving when it is due: whatever happens to this process, it is tried again then.
      const letters = await db.$queryRaw<Waiting[]>(sql`
        update letter set attempts = attempts + 1, due_at =
          now() + least(${LONGEST_PAUSE_S}, ${FIRST_PAUSE_S} * power(2, attempts)) * interval '1 second'
        where id in (select id from letter where due_at <= now() order by due_at limit ${BATCH} for update skip locked)
        returning id, recipient as "to", kind, facts, attempts`);
      await Promise.all(letters.map(send));
      return letters.length === BATCH ? 'again' : 'idle';
    },
  });
  return {
    wake: () => loop.wake(),
    async stop() {
      stopping.abort();
      await loop.stop();
      transport.close();
    },
  };
}
