import { Redis } from 'ioredis';
import { testRedisUrl } from '../../../kit/src/testing/redis.ts';

// Before each test file: a worker's files share a Redis database, and one's limits would hold for the next one's people.
const redis = new Redis(testRedisUrl());
await redis.flushdb();
redis.disconnect();
