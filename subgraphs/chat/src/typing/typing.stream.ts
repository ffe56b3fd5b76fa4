import { Alarm, type LiveBus } from '@chorus/kit/live';
import type { SqlClient } from '@chorus/kit/sql';
import { stoppable } from '../live/stoppable.ts';
import { seenTyping } from './typing.policy.ts';
import { typingChannel, type TypingSignal } from './typing.service.ts';

/** Of more who type at once no more is told. */
const MAX_TYPING = 50;
/** For how long an answer to "may the viewer know of them" is good. */
const CHECKED_MS = 2000;

/**
 * Who begins and who ceases to type in a room, but for the viewer, as long as the viewer is a member. Whoever does not
 * say it again within `ttlMs` has ceased. What is told is what holds when it is told: nothing is queued.
 */
export function watchTyping(
  { db, live, ttlMs, checkMs }: { db: SqlClient; live: LiveBus; ttlMs: number; checkMs: number },
  reader: { roomId: string; viewerId: string },
): AsyncIterableIterator<TypingSignal, void> {
  const alarm = new Alarm();
  /** Until when each types, in ms of this process. */
  const until = new Map<string, number>();
  const told = new Set<string>();
  const seen = new Map<string, { visible: boolean; at: number }>();
  let checkedAt = performance.now();

  const listening = live.listen<TypingSignal>(typingChannel(reader.roomId), (signal) => {
    if (signal === null || signal.userId === reader.viewerId) return;
    if (!signal.isTyping) until.delete(signal.userId);
    else if (until.has(signal.userId) || until.size < MAX_TYPING) {
      until.set(signal.userId, performance.now() + ttlMs);
    }
    alarm.ring();
  });

  /** Whom of those who type now the viewer may see; null when the viewer is no member. */
  const look = async (): Promise<Set<string> | null> => {
    const now = performance.now();
    for (const [id, end] of until) if (end <= now) until.delete(id);
    for (const [id, { at }] of seen) if (now - at > CHECKED_MS) seen.delete(id);
    const unknown = Array.from(until.keys()).filter((id) => !seen.has(id));
    if (unknown.length > 0 || now - checkedAt > checkMs) {
      const visible = await seenTyping(db, reader, unknown);
      if (visible === null) return null;
      checkedAt = performance.now();
      for (const id of unknown) seen.set(id, { visible: visible.has(id), at: checkedAt });
    }
    return new Set(Array.from(until.keys()).filter((id) => seen.get(id)?.visible === true));
  };

  const changes = async function* (): AsyncGenerator<TypingSignal, void> {
    while (!alarm.stopped) {
      const typing = await look();
      if (typing === null) return;
      for (const userId of told) {
        if (typing.has(userId)) continue;
        told.delete(userId);
        yield { userId, isTyping: false };
      }
      for (const userId of typing) {
        if (told.has(userId)) continue;
        told.add(userId);
        yield { userId, isTyping: true };
      }
      const next = Math.min(...until.values(), performance.now() + checkMs);
      await alarm.sleep(Math.max(1, next - performance.now()));
    }
  };
  return stoppable(alarm, changes(), () => listening.close());
}
