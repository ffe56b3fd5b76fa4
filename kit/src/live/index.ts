export { Alarm } from './alarm.ts';
export { createLiveBus, type LiveBus, type LiveListener } from './bus.ts';
export { type LogCursors, logCursors, type LogPosition } from './log-cursor.ts';
export { LOG_PAGE, type LogPage, type LogRetention, type Recovery, streamLog } from './log-stream.ts';
