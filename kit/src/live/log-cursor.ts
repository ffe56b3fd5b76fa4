import { cursorCodec } from '../connections.ts';

/** A place in a log: everything up to this sequence number is known to whoever holds it. */
export interface LogPosition {
  /** Names the log; another one counts anew. Empty, with `seq` 0, for one that has not begun. */
  epoch: string;
  seq: number;
}

/** The cursors of one log: positions, never permissions. */
export interface LogCursors {
  encode(position: LogPosition): string;
  /** @throws GraphQLError CURSOR_INVALID when it is malformed or of another log */
  decode(cursor: string): LogPosition;
}

/** @param log names it among all logs, of whatever kind */
export function logCursors(log: string): LogCursors {
  const codec = cursorCodec(log, ['string', 'int']);
  return {
    encode: ({ epoch, seq }) => codec.encode([epoch, seq]),
    decode(cursor) {
      const [epoch, seq] = codec.decode(cursor);
      return { epoch: String(epoch), seq: Number(seq) };
    },
  };
}
