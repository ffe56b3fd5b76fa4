import { runService } from '@chorus/kit/service';
import { loadConfig } from './config.ts';
import { startPosts } from './context.ts';

await runService('posts', (logger) => startPosts(loadConfig(), logger));
