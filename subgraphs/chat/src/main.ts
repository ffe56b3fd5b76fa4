import { runService } from '@chorus/kit/service';
import { loadConfig } from './config.ts';
import { startChat } from './context.ts';

await runService('chat', (logger) => startChat(loadConfig(), logger));
