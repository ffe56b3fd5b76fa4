import { sql } from '@chorus/kit/sql';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import type { Variant } from '../media/media.model.ts';
import type { ProcessedImage } from './image.ts';

/** A worker that has not renewed its lease for this long is taken for dead. */
export const LEASE_SECONDS = 60;
export const MAX_ATTEMPTS = 5;

/** One medium, taken by one worker: to be processed, or, when it was rejected, to be removed from the store. */
export interface Job {
  id: string;
  state: 'PROCESSING' | 'REJECTED';
  /** Counts from 1; the results of an attempt that is no longer the current one are dropped. */
  attempt: number;
}

/** The queue of work, which is the table of media itself. Any number of workers and processes may share it. */
export interface Jobs {
  /** The next job that is due, now this worker's for the time of the lease; null when there is none. */
  take(): Promise<Job | null>;
  /** The job takes longer; the lease starts anew. */
  renew(job: Job): Promise<void>;
  /** 'late' when the job was not this worker's any more; 'gone' when there is no such medium any more. */
  finish(job: Job, image: Omit<ProcessedImage, 'variants'>, variants: Variant[]): Promise<'done' | 'late' | 'gone'>;
  /** Another attempt after a pause that grows with each: 2 s, 8 s, 32 s, 128 s, then every 10 minutes. */
  retry(job: Job): Promise<void>;
  reject(job: Job, reason: string): Promise<void>;
  /** The store holds nothing of this rejected medium any more. */
  removed(job: Job): Promise<void>;
}

const after = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

export function createJobs(db: PrismaClient): Jobs {
  /** The row while it is still this worker's. */
  const own = (job: Job) => ({ id: job.id, state: job.state, attempts: job.attempt });

  return {
    async take() {
      const [job] = await db.$queryRaw<Job[]>(sql`
        update media set
          state = case when state = 'REJECTED' then state else 'PROCESSING' end,
          attempts = attempts + 1,
          available_at = now() + ${LEASE_SECONDS} * interval '1 second'
        where id = (
          select id from media
          where (state in ('UPLOADED', 'PROCESSING') or (state = 'REJECTED' and stored)) and available_at <= now()
          order by available_at limit 1 for update skip locked)
        returning id, state::text, attempts as attempt`);
      return job ?? null;
    },
    async renew(job) {
      await db.media.updateMany({ where: own(job), data: { availableAt: after(LEASE_SECONDS) } });
    },
    async finish(job, { width, height, thumbHash }, variants) {
      const { count } = await db.media.updateMany({
        where: own(job),
        data: { state: 'READY', width, height, thumbHash, variants },
      });
      if (count === 1) return 'done';
      // Should it have been rejected meanwhile, then what was just put into the store has to go as well.
      await db.media.updateMany({ where: { id: job.id, state: 'REJECTED' }, data: { stored: true } });
      return (await db.media.count({ where: { id: job.id } })) > 0 ? 'late' : 'gone';
    },
    async retry(job) {
      const availableAt = after(Math.min(2 * 4 ** (job.attempt - 1), 600));
      await db.media.updateMany({
        where: own(job),
        data: { availableAt, ...(job.state === 'PROCESSING' && { state: 'UPLOADED' as const }) },
      });
    },
    async reject(job, reason) {
      await db.media.updateMany({
        where: own(job),
        data: { state: 'REJECTED', reason: reason.slice(0, 500), attempts: 0, availableAt: new Date() },
      });
    },
    async removed(job) {
      await db.media.updateMany({ where: own(job), data: { stored: false } });
    },
  };
}
