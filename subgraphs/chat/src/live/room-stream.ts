import type { LiveBus } from '@chorus/kit/live';
import { Alarm } from './alarm.ts';
import { type LogPosition, writeEventCursor } from './cursor.ts';
import type { RoomEventModel } from './live.model.ts';
import { type LogEntry, type LogPage, PAGE, type RoomLog, roomChannel } from './room-log.ts';

/** How long a subscription waits for Redis before it begins without. */
const LISTEN_LIMIT_MS = 1000;
/** Reads in a row that may fail before the stream does; pauses grow from 100 ms to under 2 s. */
const ATTEMPTS = 5;

export interface RoomStreamOptions {
  log: RoomLog;
  live: LiveBus;
  /** How often a quiet stream looks whether it missed a wake-up. */
  headCheckMs: number;
}

/** Who reads what from where. */
export interface RoomSubscription {
  roomId: string;
  userId: string;
  /** A decoded cursor; null: from now on. */
  after: LogPosition | null;
}

/**
 * A room's events after a position, each once and in order, for as long as the reader is a member. The consumer sets
 * the pace; `return` ends it at once, also while it waits.
 *
 * One invariant carries it: what is emitted is always "everything in Postgres after my position", read in order of a
 * sequence that has no gaps, and the position is the last entry read. So nothing can come twice, out of order or be
 * left out, whatever happens to wake-ups: they, the head check and a new connection to Redis only say when to read.
 * Reading starts after Redis has confirmed the subscription, so nothing falls in between. While Redis is away, the head
 * check alone carries the stream.
 *
 * Every read asks for the membership in the same statement. A page read as a member has no MEMBER_LEFT of this reader,
 * and the read after it finds no membership: END comes before any later entry.
 *
 * RESET (fetch the room again, go on from here) answers a position whose next entries are no longer kept, one of another
 * log or from the future, and one from before the reader's latest joining: what happened while they were away is not
 * replayed, but is part of the room that they fetch.
 */
export function streamRoom(
  options: RoomStreamOptions,
  subscription: RoomSubscription,
): AsyncIterableIterator<RoomEventModel, void> {
  const { log, live, headCheckMs } = options;
  const { roomId, userId, after } = subscription;
  const alarm = new Alarm();
  let position: number | null = after?.seq ?? null;

  const listening = live.listen(roomChannel(roomId), (seq) => {
    if (seq === null || position === null || seq > position) alarm.ring();
  });

  const read = async function* (): AsyncGenerator<RoomEventModel, void> {
    try {
      await alarm.sleep(LISTEN_LIMIT_MS);
      let epoch = after?.epoch;
      while (!alarm.stopped) {
        const page = await readAgain(() => log.read(roomId, userId, position), alarm);
        if (alarm.stopped) return;
        if (page === null) {
          yield { __typename: 'RoomEnd', reason: 'NOT_A_MEMBER' };
          return;
        }
        if (position !== null && !continues(page, position, epoch)) {
          position = page.lastSeq;
          epoch = page.epoch;
          yield { __typename: 'RoomReset', cursor: writeEventCursor(roomId, { epoch, seq: position }) };
          continue;
        }
        epoch = page.epoch;
        position = page.entries.at(-1)?.seq ?? page.lastSeq;
        for (const entry of page.entries) yield toEvent(entry, writeEventCursor(roomId, { epoch, seq: entry.seq }));
        if (page.entries.length < PAGE) await alarm.sleep(headCheckMs);
      }
    } finally {
      listening.close();
    }
  };
  const events = read();

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => events.next(),
    // A generator's own `return` waits for the `next` under way; the alarm ends that first.
    async return() {
      alarm.stop();
      listening.close();
      return events.return();
    },
  };
}

/** Reading changes nothing, so it is tried again when a connection to Postgres has ended under it. */
async function readAgain<T>(read: () => Promise<T>, alarm: Alarm): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (attempt === ATTEMPTS || alarm.stopped) throw error;
      await alarm.sleep(50 * 2 ** attempt * (1 + Math.random()));
    }
  }
}

/** Whether the page is what follows the position, with nothing missing. */
function continues({ epoch, lastSeq, joinedSeq, entries }: LogPage, position: number, from?: string): boolean {
  if (epoch !== from || position > lastSeq || position < joinedSeq) return false;
  // Distinct, growing and above the position: with the right last one, none in between is missing.
  return position === lastSeq || (entries.length > 0 && entries.at(-1)?.seq === position + entries.length);
}

function toEvent(entry: LogEntry, cursor: string): RoomEventModel {
  switch (entry.kind) {
    case 'MESSAGE_CREATED':
      return { __typename: 'MessageCreated', cursor, message: entry.message };
    case 'MEMBER_JOINED': {
      const invitedBy = entry.byUserId === null ? null : { id: entry.byUserId };
      return { __typename: 'MemberJoined', cursor, user: { id: entry.userId }, invitedBy };
    }
  }
  return { __typename: 'MemberLeft', cursor, user: { id: entry.userId } };
}
