import { Alarm, type LiveBus, type LogPosition } from '@chorus/kit/live';
import { roomCursors } from '../live/cursor.ts';
import type { RoomEventModel } from '../live/live.model.ts';
import type { RoomSubscription } from '../live/room-stream.ts';
import { stoppable } from '../live/stoppable.ts';
import { inboxChannel } from './inbox.channel.ts';
import { MAX_ROOMS } from './inbox.rooms.ts';

/** An event of one of the reader's rooms. */
export interface InboxEventModel {
  roomId: string;
  event: RoomEventModel;
}

export interface InboxOptions {
  live: LiveBus;
  /** How often a quiet inbox looks whether it missed a new room. */
  checkMs: number;
  streamRoom: (subscription: RoomSubscription) => AsyncIterableIterator<RoomEventModel, void>;
  /** The rooms of the reader and where the log of each ends; at most MAX_ROOMS. */
  roomsOf: (userId: string) => Promise<Map<string, LogPosition>>;
}

/** Who reads the events of all their rooms, and from where in each. */
export interface InboxReader {
  userId: string;
  after: ReadonlyMap<string, LogPosition>;
  /** Called when the stream has ended, maybe more than once. */
  onEnd: () => void;
}

/** A room's stream, and the frame of it that is next, asked for ahead of its turn. */
interface Followed {
  stream: AsyncIterableIterator<RoomEventModel, void>;
  next: IteratorResult<RoomEventModel, void> | { error: unknown } | null;
}

/**
 * The events of all of a person's rooms, each room's in order, once and without a gap: what streamRoom says of one holds
 * for each, because each is one. A room without a position begins with a reset, which says where it stands, and so does
 * one that the person comes into later. One frame of each room is asked for ahead, so that rooms take turns and nothing
 * more is queued.
 *
 * New rooms are looked for when a wake-up says so, when the connection to Redis was re-established and every `checkMs`.
 */
export function streamInbox(
  { live, checkMs, streamRoom, roomsOf }: InboxOptions,
  { userId, after, onEnd }: InboxReader,
): AsyncIterableIterator<InboxEventModel, void> {
  const alarm = new Alarm();
  const followed = new Map<string, Followed>();
  /** Rooms whose next frame is there, in the order in which it came. */
  const ready = new Set<string>();
  let looks = true;

  const listening = live.listen(inboxChannel(userId), () => {
    looks = true;
    alarm.ring();
  });

  const pull = (roomId: string, room: Followed) => {
    const arrived = (next: Followed['next']) => {
      room.next = next;
      ready.add(roomId);
      alarm.ring();
    };
    room.stream.next().then(arrived, (error: unknown) => arrived({ error }));
  };

  const follow = (roomId: string, position: LogPosition) => {
    const room: Followed = { stream: streamRoom({ roomId, userId, after: position }), next: null };
    followed.set(roomId, room);
    pull(roomId, room);
  };

  /** Begins what is not followed yet; rooms that ended say so themselves. */
  const look = async function* (isFirst: boolean): AsyncGenerator<InboxEventModel, void> {
    looks = false;
    const rooms = await roomsOf(userId);
    if (isFirst) {
      // Also what is no room of theirs any more: its stream says so.
      for (const [roomId, position] of after) follow(roomId, position);
    }
    for (const [roomId, position] of rooms) {
      if (followed.has(roomId) || followed.size >= MAX_ROOMS) continue;
      follow(roomId, position);
      yield {
        roomId,
        event: { __typename: 'RoomReset', cursor: roomCursors(roomId).encode(position) },
      };
    }
  };

  const frames = async function* (): AsyncGenerator<InboxEventModel, void> {
    yield* look(true);
    while (!alarm.stopped) {
      if (looks) yield* look(false);
      // Those of now: one that never rests keeps nobody from new rooms.
      const turn = Array.from(ready);
      for (const roomId of turn) {
        ready.delete(roomId);
        const room = followed.get(roomId);
        const next = room?.next ?? null;
        if (room === undefined || next === null) continue;
        if ('error' in next) throw next.error;
        if (next.done === true) {
          followed.delete(roomId);
          looks = true; // it may be theirs again already
          continue;
        }
        room.next = null;
        pull(roomId, room);
        yield { roomId, event: next.value };
      }
      if (ready.size > 0 || looks) continue;
      await alarm.sleep(checkMs);
      // Nobody rang: the time is up.
      if (ready.size === 0) looks = true;
    }
  };
  return stoppable(alarm, frames(), () => {
    listening.close();
    for (const { stream } of followed.values()) void stream.return?.();
    followed.clear();
    onEnd();
  });
}
