import type { Answer } from '../client.ts';
import { type Backoff, pause } from '../backoff.ts';
import type { RoomEventsSubscription, RoomSnapshotQuery } from '../__generated__/graphql.ts';
import { ChorusError } from '../errors.ts';
import { type ConnectionLost, FORBIDDEN, type Result, type Sink } from '../socket.ts';
import { verdictOn } from './verdict.ts';
import { fold, type RoomEvent, type RoomView, viewOf } from './view.ts';

/** How a room's feed stands. */
export type RoomConnection =
  | { status: 'connecting' | 'live' | 'reconnecting' }
  | {
      status: 'ended';
      /** CLOSED: by `close`. NOT_A_MEMBER: the viewer may not, or no longer, read the room. REFUSED: `error` says why. */
      reason: 'CLOSED' | 'NOT_A_MEMBER' | 'REFUSED';
      error?: unknown;
    };

/** What a feed had to do so far. */
export interface RoomDiagnostics {
  /** Subscriptions opened. */
  subscriptions: number;
  /** Times that the room was fetched. */
  snapshots: number;
  /** Times that the server asked to fetch it again. */
  resets: number;
  /** Events that came again; each was dropped. */
  duplicates: number;
  /** Times that an event was missing before the next; each time the room was fetched again. */
  gaps: number;
}

export interface RoomFeedOptions {
  fetchRoom: (signal: AbortSignal) => Promise<Answer<RoomSnapshotQuery>>;
  subscribe: (after: string, sink: Sink<RoomEventsSubscription>) => () => void;
  backoff: Backoff;
  /** How many messages the view holds now. */
  keep: () => number;
  /** @param event what was folded in; null: the view is a new snapshot */
  onView: (view: RoomView, event: RoomEvent | null) => void;
  onConnection: (connection: RoomConnection) => void;
  signal: AbortSignal;
  diagnostics: RoomDiagnostics;
}

/** How a fetch or a subscription came to its end. */
type Outcome =
  /** Go on from the cursor, at the earliest after so many milliseconds. */
  | { next: 'resume'; afterMs: number }
  /** The room has to be fetched again. */
  | { next: 'refetch'; afterMs: number }
  | { next: 'end'; reason: 'NOT_A_MEMBER' | 'REFUSED'; error?: unknown };

/** A subscription that stood for so long has recovered, also when nothing happens in the room. */
const STANDS_MS = 3000;
/** When to fetch again what came incomplete, because a part of Chorus did not answer. */
const REPAIR_MS = 5000;
/** Sockets that are closed because of the token, in a row, until the feed gives up. */
const MAX_REFUSALS = 3;
const TRY_AGAIN_LATER = 1013;

const resume = (afterMs = 0): Outcome => ({ next: 'resume', afterMs });
const refetch = (afterMs = 0): Outcome => ({ next: 'refetch', afterMs });
const END: Outcome = { next: 'end', reason: 'NOT_A_MEMBER' };

/**
 * Keeps a view of a room up to date until it ends or the signal aborts: fetches the room, subscribes after its cursor,
 * folds in what comes, and after a loss subscribes again after the last event. Never shows an event twice or out of its
 * turn: numbers have no gaps, so what comes again is dropped, and when one is missing the room is fetched again.
 */
export async function feedRoom(options: RoomFeedOptions): Promise<void> {
  const { backoff, signal, onConnection, diagnostics } = options;
  let view: RoomView | null = null;
  let failures = 0;
  let refusals = 0;
  let incomplete = false;

  const fetchRoom = async (): Promise<Outcome | null> => {
    diagnostics.snapshots++;
    try {
      const { data, errors, status } = await options.fetchRoom(signal);
      if (signal.aborted) return null;
      const error = errors.length > 0 ? new ChorusError(errors, { data, status }) : null;
      if (data?.room == null) {
        if (error === null) return END;
        return failed(error, 'refetch');
      }
      // Answered in part: shown as it is, and fetched again.
      incomplete = error !== null;
      view = viewOf(data.room, data.me?.id ?? null);
      options.onView(view, null);
      return null;
    } catch (error) {
      return failed(error, 'refetch');
    }
  };

  const failed = (error: unknown, next: 'resume' | 'refetch'): Outcome => {
    if (error instanceof ChorusError && error.code?.startsWith('CURSOR_')) return refetch();
    const verdict = verdictOn(error);
    return verdict.again ? { next, afterMs: verdict.afterMs } : { next: 'end', reason: 'REFUSED', error };
  };

  const lost = (error: ConnectionLost): Outcome => {
    if (error.code === TRY_AGAIN_LATER) failures = Math.max(failures, 2);
    if (error.code === FORBIDDEN && ++refusals >= MAX_REFUSALS) return { next: 'end', reason: 'REFUSED', error };
    return resume();
  };

  const recovered = () => {
    failures = 0;
    refusals = 0;
    onConnection({ status: 'live' });
  };

  /** One subscription, from its beginning to its end. */
  const listen = (from: RoomView): Promise<Outcome> =>
    new Promise((resolve) => {
      let current = from;
      let standing: ReturnType<typeof setTimeout> | undefined;
      const repair = () => setTimeout(() => end(refetch()), REPAIR_MS * (1 + Math.random()));
      let repairing = incomplete ? repair() : undefined;
      const end = (outcome: Outcome) => {
        unsubscribe();
        clearTimeout(standing);
        clearTimeout(repairing);
        signal.removeEventListener('abort', abort);
        resolve(outcome);
      };
      const abort = () => end(resume());

      const receive = ({ data, errors }: Result<RoomEventsSubscription>) => {
        const frame = data?.roomEvents;
        // Something happened, and nobody can say what.
        if (frame == null) return end(refetch());
        if (frame.__typename === 'RoomEnd') return end(END);
        if (frame.__typename === 'RoomReset') {
          diagnostics.resets++;
          return end(refetch());
        }
        // Of a kind that came after this client was made: the room as it is then may show what it did.
        if (!('seq' in frame)) return end(refetch());
        if (frame.seq <= current.lastSeq) return void diagnostics.duplicates++;
        if (frame.seq > current.lastSeq + 1) {
          diagnostics.gaps++;
          return end(refetch());
        }
        view = current = fold(current, frame, options.keep());
        if (failures > 0 || standing !== undefined) recovered();
        clearTimeout(standing);
        standing = undefined;
        if (errors !== undefined) {
          incomplete = true;
          repairing ??= repair();
        }
        options.onView(current, frame);
      };

      diagnostics.subscriptions++;
      const unsubscribe = options.subscribe(current.cursor, {
        open() {
          if (failures === 0) onConnection({ status: 'live' });
          standing = setTimeout(recovered, STANDS_MS);
        },
        next: receive,
        end(error) {
          if (error === null) return end(resume());
          end(error instanceof ChorusError ? failed(error, 'resume') : lost(error));
        },
      });
      signal.addEventListener('abort', abort);
    });

  let outcome: Outcome = refetch();
  while (!signal.aborted) {
    if (outcome.next !== 'end' && (view === null || outcome.next === 'refetch')) {
      const problem = await fetchRoom();
      outcome = problem ?? resume();
      if (problem === null && view !== null && !signal.aborted) outcome = await listen(view);
    } else if (view !== null) outcome = await listen(view);
    if (signal.aborted) break;
    if (outcome.next === 'end') {
      const { reason, error } = outcome;
      return onConnection({ status: 'ended', reason, ...(error !== undefined && { error }) });
    }
    onConnection({ status: view === null ? 'connecting' : 'reconnecting' });
    await pause(outcome.afterMs + backoff.delay(failures++), signal);
  }
  onConnection({ status: 'ended', reason: 'CLOSED' });
}
