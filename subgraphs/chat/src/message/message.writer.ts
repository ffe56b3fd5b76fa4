import { Batcher } from '@chorus/kit/batcher';
import { rateLimited } from '@chorus/kit/errors';
import type { SqlClient } from '@chorus/kit/sql';
import { Turnstile } from '@chorus/kit/turnstile';
import { type Inserted, insertMessages, type NewMessage } from './message.insert.ts';
import type { MessageRow } from './message.model.ts';

/** Messages in one statement. */
const BATCH = 100;
/** Statements under way at a time: while one is at work in Postgres, what is next is prepared here and by routers. */
const LANES = 2;

/** Messages to one room always go the same way, and so never meet each other in Postgres. */
export const laneOf = (roomId: string): number => roomId.charCodeAt(roomId.length - 1) % LANES;

/** Null for a message that was refused, as `insertMessages` says. */
type Written = MessageRow | null;

/**
 * Stores messages that members send, each before its sender is answered. Those that come while others are being stored
 * go together in the next statement, so that a busy service, and a busy room, write as many in a commit as there are.
 *
 * Nobody waits for somebody else's room: what goes to one in which another process writes just then is sent again by
 * itself. And nobody fails with somebody else's message: when a statement fails, each of its messages is stored alone.
 *
 * @param connections at most for those that wait for their rooms
 * @returns throws RATE_LIMITED when too many wait
 */
export function createMessageWriter(db: SqlClient, connections: number): (message: NewMessage) => Promise<Written> {
  const busyRooms = new Turnstile(connections);

  /** Messages of one room. */
  const waitFor = async (messages: readonly NewMessage[]): Promise<readonly (Written | Promise<Written>)[]> => {
    try {
      const inserted = await busyRooms.pass(() => insertMessages(db, messages, { gate: 'writable', wait: true }));
      return inserted.map(rowOf);
    } catch (error) {
      if (messages.length === 1) throw error;
      return messages.map(alone);
    }
  };
  const alone = async (message: NewMessage): Promise<Written> => (await waitFor([message]))[0] ?? null;

  const write = async (messages: readonly NewMessage[]): Promise<readonly (Written | Promise<Written>)[]> => {
    const first = new Map<string, NewMessage>();
    for (const message of messages) if (!first.has(nameOf(message))) first.set(nameOf(message), message);
    const results = new Map<NewMessage, Written | Promise<Written>>();
    for (const [message, written] of await writeOnce([...first.values()])) results.set(message, written);
    return messages.map((message) => {
      const original = first.get(nameOf(message)) ?? message;
      const written = results.get(original) ?? null;
      // Sent twice at once: refused when the first is there.
      return original === message || written === null ? written : Promise.resolve(written).then(() => null);
    });
  };

  const writeOnce = async (messages: readonly NewMessage[]): Promise<[NewMessage, Written | Promise<Written>][]> => {
    let inserted;
    try {
      inserted = await insertMessages(db, messages, { gate: 'writable', wait: false });
    } catch (error) {
      if (messages.length === 1) throw error;
      return messages.map((message) => [message, alone(message)]);
    }
    const later = messages.filter((_, index) => inserted[index] === 'later');
    const waiting = Map.groupBy(later, ({ roomId }) => roomId).values();
    return [
      ...messages.map((message, index): [NewMessage, Written] => [message, rowOf(inserted[index])]),
      ...waiting.flatMap((ofRoom) => {
        const written = waitFor(ofRoom);
        return ofRoom.map((message, index): [NewMessage, Promise<Written>] => [
          message,
          written.then((all) => all[index] ?? null),
        ]);
      }),
    ];
  };

  const lanes = Array.from(
    { length: LANES },
    () =>
      new Batcher<NewMessage, Written>({
        max: BATCH,
        run: write,
        full: () => rateLimited('Too much is sent at once. Try again in 1 s.', 1),
      }),
  );
  return async (message) => (await lanes[laneOf(message.roomId)]?.add(message)) ?? null;
}

const nameOf = ({ authorId, clientId }: NewMessage): string => `${authorId} ${clientId}`;
const rowOf = (inserted: Inserted | undefined): Written => (typeof inserted === 'object' ? inserted : null);
