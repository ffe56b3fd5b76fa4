import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

function logInto(readable: boolean, colours = false) {
  const lines: string[] = [];
  return { lines, log: createLog({ write: (text) => void lines.push(text), readable, colours }) };
}

const event = {
  level: 'error',
  time: '2024-05-01T10:20:30.000Z',
  service: 'posts',
  pid: 7,
  postId: 'pst_1',
  msg: 'refused',
};

test('a person reads one line an event, with the time, the name in colour and what matters', () => {
  const { lines, log } = logInto(true);
  log.line(
    'posts',
    JSON.stringify({ ...event, trace_id: 'abc', err: { message: 'boom', stack: 'Error: boom\n    at here' } }),
  );
  expect(lines[0]).toMatch(/^\d\d:20:30 posts {3}refused postId=pst_1\n {17}Error: boom\n {21}at here\n$/);
  log.line('posts', '(node:7) Warning');
  expect(lines[1]).toMatch(/posts {3}\(node:7\) Warning\n$/);
  log.line('posts', JSON.stringify({ level: 50, time: 0, msg: 'numbers, as pino writes them' }));
  expect(lines[2]).toContain('numbers, as pino writes them');
  log.line('posts', JSON.stringify({ ...event, msg: 'loaded\n\t* mode: plain' }));
  expect(lines[3]).toMatch(/loaded \* mode: plain postId=pst_1\n$/);

  const coloured = logInto(true, true);
  coloured.log.line('posts', JSON.stringify(event));
  expect(coloured.lines[0]).toContain('\u001B[32mposts');
});

test('a program reads JSON: a service’s line as it was, anything else wrapped', () => {
  const { lines, log } = logInto(false);
  const line = JSON.stringify(event);
  log.line('posts', line);
  log.line('posts', 'not JSON');
  log.line('posts', '{"cut of');
  log.info('ready', { port: 1 });
  log.text('for people only');
  expect(lines[0]).toBe(`${line}\n`);
  expect(lines.slice(1).map((text) => JSON.parse(text) as unknown)).toEqual([
    { level: 'warn', time: expect.any(String), service: 'posts', msg: 'not JSON' },
    { level: 'warn', time: expect.any(String), service: 'posts', msg: '{"cut of' },
    { level: 'info', time: expect.any(String), service: 'chorus', port: 1, msg: 'ready' },
  ]);
});
