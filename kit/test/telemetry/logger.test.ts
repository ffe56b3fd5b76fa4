import { expect, test } from 'vitest';
import { traceId, withSpan } from '../../src/telemetry/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { recordSpans } from './fixtures/recorder.ts';

function capture(): { lines: string[]; write: (line: string) => void } {
  const lines: string[] = [];
  return { lines, write: (line) => void lines.push(line) };
}

test('a line is JSON with service, level name, ISO time and, inside a span, its ids', async () => {
  using recorder = recordSpans();
  const output = capture();
  const logger = createLogger({ service: 'posts', level: 'info' }, output);
  logger.debug('too quiet');
  logger.info('outside');
  let expected: string | undefined;
  await withSpan('work', {}, () => {
    expected = traceId();
    logger.warn({ err: new Error('broken') }, 'inside');
  });
  const [outside, inside] = output.lines.map((line): unknown => JSON.parse(line));
  expect(output.lines).toHaveLength(2);
  expect(outside).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    service: 'posts',
    msg: 'outside',
  });
  expect(inside).toMatchObject({
    level: 'warn',
    trace_id: expected,
    span_id: recorder.span('work').spanContext().spanId,
    err: { type: 'Error', message: 'broken', stack: expect.stringContaining('logger.test') },
  });
});

test('secrets do not reach the log', () => {
  const output = capture();
  const logger = createLogger({ service: 'users' }, output);
  logger.info({
    password: 's3cret',
    req: { headers: { authorization: 's3cret', cookie: 's3cret', 'set-cookie': 's3cret' } },
  });
  logger.info({ body: { token: 's3cret', refreshToken: 's3cret' }, authorization: 's3cret' });
  expect(output.lines.join()).not.toContain('s3cret');
  expect(output.lines.join()).toContain('[redacted]');
});
