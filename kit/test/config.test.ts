import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, readConfig, refuseDevelopmentSecrets, subgraphEnvironment } from '../src/config.ts';

const schema = z.object(subgraphEnvironment);
const good = {
  PORT: '4001',
  DATABASE_URL: 'postgresql://posts:secret@127.0.0.1:5432/posts',
  REDIS_URL: 'redis://127.0.0.1:6379',
  VIEWER_KEY: 'v'.repeat(32),
  ATTACHMENT_KEY: 'a'.repeat(32),
};
const faults = (env: Record<string, string | undefined>): readonly string[] => {
  try {
    readConfig(schema, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('the environment', () => {
  test('is read with its defaults, and what else is in it is left alone', () => {
    expect(readConfig(schema, { ...good, OTHER: 'x' })).toEqual({
      ...good,
      PORT: 4001,
      HOST: '127.0.0.1',
      NODE_ENV: 'development',
      LOG_LEVEL: 'info',
      DATABASE_POOL: 10,
    });
  });

  test('has all its faults told at once, without a value', () => {
    const told = faults({
      ...good,
      PORT: 'a lot',
      DATABASE_URL: 'mysql://secret',
      REDIS_URL: '',
      VIEWER_KEY: 'secret',
    });
    expect(told.map((fault) => fault.split(/[ :]/)[0])).toEqual(['PORT', 'DATABASE_URL', 'REDIS_URL', 'VIEWER_KEY']);
    expect(told).toContain('REDIS_URL is required');
    expect(told.join('\n')).not.toMatch(/secret|a lot/);
  });

  test('may hold development secrets anywhere but in production', () => {
    const config = { VIEWER_KEY: 'insecure-key-for-development-only-1234', HOST: 'insecure.example' };
    refuseDevelopmentSecrets({ ...config, NODE_ENV: 'development' });
    expect(() => refuseDevelopmentSecrets({ ...config, NODE_ENV: 'production' })).toThrow(ConfigError);
    expect(() => refuseDevelopmentSecrets({ ...config, NODE_ENV: 'production' })).toThrow(/VIEWER_KEY(?!.*insecure-)/s);
  });
});
