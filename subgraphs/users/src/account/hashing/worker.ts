/** A thread that hashes and compares passwords, one at a time. */
import os from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import { verifySync as verifyBcrypt } from '@node-rs/bcrypt';
import type { Job, Outcome } from './protocol.ts';

/**
 * Whatever else the service does goes first: nobody waits for a password but who gave it. Not PRIORITY_LOW, which would let
 * a busy service starve log-ins: this much leaves them a tenth of a core that others want. Elsewhere than on Linux it
 * would be the priority of the whole process.
 */
function yieldToOthers(): void {
  if (process.platform !== 'linux') return;
  const lower = os.getPriority() + os.constants.priority.PRIORITY_BELOW_NORMAL;
  os.setPriority(Math.min(lower, os.constants.priority.PRIORITY_LOW));
}

function run(job: Job): Outcome {
  try {
    if (job.kind === 'hash') return { value: hashSync(job.password, job.cost) };
    const { password, stored } = job;
    return { value: job.kind === 'argon2' ? verifySync(stored, password) : verifyBcrypt(password, stored) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

const port = parentPort;
if (port === null) throw new Error('This module is a thread, started by hashers.ts.');
yieldToOthers();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
port.on('message', (job: Job) => port.postMessage(run(job)));
