import { runService } from '@chorus/kit/service';
import { loadConfig } from './config.ts';
import { startMedia } from './context.ts';

await runService('media', (logger) => startMedia(loadConfig(), logger));
