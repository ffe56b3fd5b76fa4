export { Alarm } from './alarm.ts';
export { createLiveBus, type LiveBus, type LiveListener } from './bus.ts';
export { FOLLOWED, type Follower, isLiveStream, type LiveStream } from './live-stream.ts';
export { type LogCursors, logCursors, type LogPosition } from './log-cursor.ts';
export { type Log, LogHubs, READERS_CHANGED } from './log-hub.ts';
export { LOG_PAGE, type LogPage, type Recovery } from './log-page.ts';
export { type LogRetention, streamLog } from './log-stream.ts';
