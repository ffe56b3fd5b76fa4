import { createLoop } from '@chorus/kit/loop';
import { withSpan } from '@chorus/kit/telemetry';
import type { Logger } from '@chorus/kit/logger';
import { originalKey, variantKey, variantPrefix } from '../media/media.model.ts';
import type { Store } from '../store/store.ts';
import { processImage, UndecodableError } from './image.ts';
import { type Job, type Jobs, LEASE_SECONDS, MAX_ATTEMPTS } from './jobs.ts';

/** How often to look for jobs of other processes, and for those whose pause is over. */
const IDLE_MS = 1000;

export interface Worker {
  /** There is a job now. */
  wake(): void;
  /** Resolves when the jobs under way are done. */
  stop(): Promise<void>;
}

/** Works through the jobs, `concurrency` at once. A crash loses nothing: the lease ends and another worker takes over. */
export function startWorker(options: { jobs: Jobs; store: Store; concurrency: number; logger: Logger }): Worker {
  const { jobs, store, logger } = options;

  const removeObjects = async (id: string) => store.remove([originalKey(id), ...(await store.list(variantPrefix(id)))]);

  const process = async (job: Job) => {
    const { variants, ...image } = await processImage(await store.readAll(originalKey(job.id)));
    for (const { variant, bytes } of variants) await store.put(variantKey(job.id, variant.width), bytes, 'image/webp');
    const facts = variants.map(({ variant }) => variant);
    const end = await jobs.finish(job, image, facts);
    if (end === 'late') logger.warn({ job }, 'the job took longer than its lease');
    // Erased meanwhile, and then this was put into the store again.
    if (end === 'gone') await removeObjects(job.id);
  };

  /** All that an upload or an attempt at processing can have left. */
  const remove = async (job: Job) => {
    await removeObjects(job.id);
    await jobs.removed(job);
  };

  const attempt = async (job: Job) => {
    // An attempt that took its process down with it never got to say so; it counts all the same.
    if (job.state === 'PROCESSING' && job.attempt > MAX_ATTEMPTS) return giveUp(job, 'every attempt ended in a crash');
    try {
      await (job.state === 'REJECTED' ? remove(job) : process(job));
    } catch (err) {
      if (err instanceof UndecodableError) {
        logger.info({ mediaId: job.id, reason: err.message }, 'rejected: not a picture');
        return jobs.reject(job, err.message);
      }
      if (job.state === 'PROCESSING' && job.attempt >= MAX_ATTEMPTS) return giveUp(job, String(err));
      logger.warn({ err, job }, 'a job failed; trying again');
      return jobs.retry(job);
    }
  };

  const giveUp = (job: Job, reason: string) => {
    logger.error({ mediaId: job.id, reason }, `rejected after ${MAX_ATTEMPTS} attempts`);
    return jobs.reject(job, reason);
  };

  const turn = async () => {
    const job = await jobs.take();
    if (job === null) return 'idle';
    const renewal = setInterval(() => {
      jobs.renew(job).catch((err: unknown) => logger.warn({ err, job }, 'a lease was not renewed'));
    }, LEASE_SECONDS * 250);
    try {
      const attributes = { 'chorus.media.id': job.id, 'chorus.media.attempt': job.attempt };
      await withSpan('media.job', attributes, () => attempt(job));
    } finally {
      clearInterval(renewal);
    }
    return 'again';
  };

  const loops = Array.from({ length: options.concurrency }, () =>
    createLoop({ name: 'media worker', logger, idleMs: IDLE_MS, turn }),
  );
  return {
    wake: () => loops.forEach((loop) => loop.wake()),
    stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))),
  };
}
