import { type CursorCodec, cursorCodec } from '@chorus/kit/connections';

/** A place in a room's log: everything up to this sequence number is known to whoever holds it. */
export interface LogPosition {
  /** Names the log; another one counts anew. */
  epoch: string;
  seq: number;
}

const codec = (roomId: string): CursorCodec => cursorCodec(`events of ${roomId}`, ['string', 'int']);

/** The cursor of a place in one room's log: a position, never a permission. */
export const writeEventCursor = (roomId: string, { epoch, seq }: LogPosition): string =>
  codec(roomId).encode([epoch, seq]);

/** @throws GraphQLError CURSOR_INVALID when it is malformed or of another room */
export function readEventCursor(roomId: string, cursor: string): LogPosition {
  const [epoch, seq] = codec(roomId).decode(cursor);
  return { epoch: String(epoch), seq: Number(seq) };
}
