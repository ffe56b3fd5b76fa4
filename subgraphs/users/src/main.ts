import { runService } from '@chorus/kit/service';
import { loadConfig } from './config.ts';
import { startUsers } from './context.ts';

await runService('users', (logger) => startUsers(loadConfig(), logger));
