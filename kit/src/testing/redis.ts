import { inject } from 'vitest';

/**
 * A Redis database of this test worker's own (0 to 15), empty when a test file begins. Channels are shared between
 * databases: ids keep them apart.
 */
export function testRedisUrl(): string {
  const url = new URL(inject('redisUrl'));
  url.pathname = `/${Number(process.env['VITEST_POOL_ID'] ?? 0) % 16}`;
  return url.href;
}
