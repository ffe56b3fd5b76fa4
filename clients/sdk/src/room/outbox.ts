import type { Answer } from '../client.ts';
import { type Backoff, pause } from '../backoff.ts';
import type { MessageFieldsFragment, SendMessageInput, SendMessageMutation } from '../__generated__/graphql.ts';
import { ChorusError } from '../errors.ts';
import type { RoomView } from './view.ts';
import { verdictOn } from './verdict.ts';

/** What somebody writes. */
export type OutgoingMessage = Omit<SendMessageInput, 'roomId' | 'clientId'>;

/** A message of the viewer's that the room's log has not shown yet: its echo. */
export interface PendingMessage extends OutgoingMessage {
  clientId: string;
  /** When it was given to us; milliseconds. */
  queuedAt: number;
  /** sending: not known to be stored. sent: stored, and about to appear. failed: refused for good, `error` says why. */
  status: 'sending' | 'sent' | 'failed';
  error?: ChorusError;
}

export interface Outbox {
  readonly pending: readonly PendingMessage[];
  send(message: OutgoingMessage): Promise<MessageFieldsFragment>;
  /** Sends a failed one again. */
  retry(clientId: string): void;
  /** Forgets a failed one. */
  discard(clientId: string): void;
  /**
   * The log has come so far: what it shows needs no echo any more.
   * @returns what is left of `pending`
   */
  shown(view: RoomView): readonly PendingMessage[];
  /** Sends nothing more. What becomes of those under way is not known here. */
  close(): void;
}

/** Messages that may wait. */
const MAX_PENDING = 100;

interface Entry {
  message: PendingMessage;
  /** Its place in the room, once the server has said so. */
  seq: number | null;
  settled: PromiseWithResolvers<MessageFieldsFragment>;
}

/**
 * Messages on their way: one at a time, in the order in which they were written, and each again, under the same
 * clientId, until the server has said that it is stored or refused, or the room's log shows it.
 */
export function createOutbox(options: {
  roomId: string;
  post: (input: SendMessageInput, signal: AbortSignal) => Promise<Answer<SendMessageMutation>>;
  backoff: Backoff;
  onChange: () => void;
}): Outbox {
  const { roomId, backoff, onChange } = options;
  const closing = new AbortController();
  let entries: readonly Entry[] = [];
  let pending: readonly PendingMessage[] = [];
  let sending = false;
  /** How far the log is shown. */
  let reached = 0;

  const set = (changed: readonly Entry[]) => {
    entries = changed;
    pending = entries.map(({ message }) => message);
    onChange();
  };
  const change = (entry: Entry, message: Partial<PendingMessage>) => {
    entry.message = { ...entry.message, ...message };
    set(entries);
  };
  const drop = (entry: Entry) => set(entries.filter((one) => one !== entry));

  /** @returns the stored message; null when it is known otherwise by now */
  const deliver = async (entry: Entry): Promise<MessageFieldsFragment | null> => {
    const { clientId, queuedAt: _, status: __, error: ___, ...message } = entry.message;
    for (let failures = 0; entries.includes(entry) && !closing.signal.aborted; failures++) {
      const answer = await options.post({ ...message, roomId, clientId }, closing.signal).catch(() => null);
      const stored = answer?.data?.sendMessage?.message;
      // Also when some of its fields could not be told.
      if (stored != null) return stored;
      const error = answer && new ChorusError(answer.errors, answer);
      const verdict = verdictOn(error);
      if (error !== null && !verdict.again) throw error;
      await pause((verdict.again ? verdict.afterMs : 0) + backoff.delay(failures), closing.signal);
    }
    return null;
  };

  const work = async () => {
    if (sending) return;
    sending = true;
    try {
      for (;;) {
        const entry = entries.find(({ message }) => message.status === 'sending');
        if (entry === undefined || closing.signal.aborted) return;
        try {
          const stored = await deliver(entry);
          if (stored === null) continue;
          entry.seq = stored.seq;
          entry.settled.resolve(stored);
          if (!entries.includes(entry)) continue;
          // A room fetched anew may show what came after it only.
          if (stored.seq <= reached) drop(entry);
          else change(entry, { status: 'sent' });
        } catch (error) {
          entry.settled.reject(error);
          if (entries.includes(entry)) change(entry, { status: 'failed', error: error as ChorusError });
        }
      }
    } finally {
      sending = false;
    }
  };

  const failedOne = (clientId: string) =>
    entries.find(({ message }) => message.clientId === clientId && message.status === 'failed');

  return {
    get pending() {
      return pending;
    },
    send(message) {
      if (closing.signal.aborted) return Promise.reject(new Error('This room is closed.'));
      if (entries.length >= MAX_PENDING) return Promise.reject(new Error(`${MAX_PENDING} messages wait to be sent.`));
      const settled = Promise.withResolvers<MessageFieldsFragment>();
      // Whoever does not wait for it sees it in `pending`.
      settled.promise.catch(() => undefined);
      const clientId = newClientId();
      const entry: Entry = {
        message: { ...message, clientId, queuedAt: Date.now(), status: 'sending' },
        seq: null,
        settled,
      };
      set([...entries, entry]);
      void work();
      return settled.promise;
    },
    retry(clientId) {
      const entry = failedOne(clientId);
      if (entry === undefined) return;
      const { error: _, ...message } = entry.message;
      entry.message = { ...message, status: 'sending' };
      set(entries);
      void work();
    },
    discard(clientId) {
      const entry = failedOne(clientId);
      if (entry !== undefined) drop(entry);
    },
    shown({ messages, lastSeq, viewerId }) {
      reached = lastSeq;
      if (entries.length === 0) return pending;
      const byClientId = new Map(messages.map((message) => [message.clientId, message]));
      entries = entries.filter((entry) => {
        const shown = byClientId.get(entry.message.clientId);
        const isOurs =
          shown !== undefined && (viewerId === null || shown.author == null || shown.author.id === viewerId);
        if (isOurs) entry.settled.resolve(shown);
        return !isOurs && (entry.seq === null || entry.seq > lastSeq);
      });
      if (entries.length < pending.length) pending = entries.map(({ message }) => message);
      return pending;
    },
    close() {
      closing.abort();
      for (const { settled } of entries) settled.reject(new Error('The room was closed before this was known.'));
    },
  };
}

/** Unguessable, also on pages without TLS, where there is no randomUUID. */
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
