import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { privateEnvironment, silentLog, type Stack, type StackOptions, startStack } from '../src/stack.ts';

/**
 * All of Chorus for the tests of one file: real processes, empty databases, nothing shared with anybody.
 * @param overrides what single services are told besides
 */
export function usePrivateStack(overrides: StackOptions['overrides'] = {}): {
  readonly stack: Stack;
  readonly dir: string;
} {
  let dir: string;
  let stack: Stack | undefined;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'chorus-test-'));
    stack = await startStack({ dir, env: privateEnvironment(), log: silentLog, durable: false, overrides });
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    /** Of all that lasts, the object store too. */
    get dir() {
      return dir;
    },
    get stack() {
      if (stack === undefined) throw new Error('the stack is there once the tests run');
      return stack;
    },
  };
}
