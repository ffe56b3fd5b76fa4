import { type LogCursors, logCursors } from '@chorus/kit/live';

/** The cursors of one room's log. */
export const roomCursors = (roomId: string): LogCursors => logCursors(`events of ${roomId}`);
