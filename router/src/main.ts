import { runService } from '@chorus/kit/service';
import { loadConfig } from './config.ts';
import { startRouter } from './context.ts';

await runService('router', (logger) => startRouter(loadConfig(), logger));
