/** What the importer makes of files, good and bad; no server needed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLogClock, dayOf, parseLogLine } from '../src/import/chat-log.ts';
import { parseEdge } from '../src/import/graph.ts';
import { handleOf, handleOfNumber } from '../src/import/handles.ts';
import { countLines, type Line, MAX_LINE, readLines } from '../src/import/lines.ts';
import { createProgress, duration } from '../src/import/progress.ts';
import { findSources } from '../src/import/sources.ts';
import { temporaryFolder } from './harness.ts';

const never = new AbortController().signal;

describe('handles', () => {
  test('a name that is a handle stays', () => {
    for (const name of ['abc', 'linux_fan', 'x'.repeat(30), '42nd']) expect(handleOf(name)).toBe(name);
  });

  test('any other becomes a handle', () => {
    expect(handleOf('Agrajag')).toBe('agrajag.b');
    expect(handleOf('m')).toBe('m.a');
    expect(handleOf('root')).toBe('root.a');
    for (const name of ['', '|x|', '[]{}^`\\-', 'A'.repeat(30), 'zoë', '😀', 'x'.repeat(64), 'a.b', '.', 'ǅ', 'K']) {
      expect(handleOf(name)).toMatch(/^[a-z0-9_.]{3,30}$/);
    }
  });

  test('no two names share one, also those that differ only in case, marks or what was replaced', () => {
    const parts = ['', 'a', 'A', '_', '-', '|', '[', '`', '.', 'b', '7', '._', 'ä'];
    const names = parts.flatMap((a) =>
      parts.flatMap((b) => parts.flatMap((c) => [`${a}${b}${c}`, `person${a}${b}${c}`])),
    );
    const distinct = [...new Set([...names, ...names.map((name) => name.repeat(9)), ...names.map(handleOf)])];
    const handles = [...distinct.map(handleOf), handleOfNumber('0'), handleOfNumber('1'), handleOfNumber('12')];
    expect(new Set(handles).size).toBe(handles.length);
  });
});

describe('graph lines', () => {
  test('two names are an edge', () => {
    const zero = { handle: 'person.0', name: 'Person 0' };
    expect(parseEdge('0 12')).toEqual({ kind: 'edge', a: zero, b: { handle: 'person.12', name: 'Person 12' } });
    expect(parseEdge(' 0\tAnn ')).toEqual({ kind: 'edge', a: zero, b: { handle: 'ann.b', name: 'Ann' } });
  });

  test.each(['', '   ', '# a comment', '% another'])('%j is a note', (line) => {
    expect(parseEdge(line)).toEqual({ kind: 'note' });
  });

  test.each(['0', '0 1 2', '0,1', '0;1', '0, 1', '5 5', '0 \u00001', `${'x'.repeat(65)} y`, '0 \ufffd'])(
    '%j is malformed',
    (line) => expect(parseEdge(line).kind).toBe('malformed'),
  );
});

describe('log lines', () => {
  test('a message', () => {
    expect(parseLogLine('[09:14] <crimsun> kleedrac: <3 it ')).toEqual({
      kind: 'message',
      author: { handle: 'crimsun', name: 'crimsun' },
      text: 'kleedrac: <3 it',
      time: 9 * 3600 + 14 * 60,
    });
    expect(parseLogLine('[23:59:58] <@|Quad-|> \u0002bold\u0002 \u000304,01red')).toMatchObject({
      author: { name: '|Quad-|' },
      text: 'bold red',
      time: 86_398,
    });
  });

  test.each([
    '',
    '=== ann [~ann@example] has joined #chat',
    '[10:00]  * ann waves',
    '[10:00] * ann waves',
    '[10:00] -!- ann has left',
    '--- Log opened Sat Dec 25',
    '*** topic is "x"',
  ])('%j is a note', (line) => expect(parseLogLine(line)).toEqual({ kind: 'note' }));

  test.each([
    ['10:00 <ann> hi', /not \[HH:MM\]/],
    ['[10.00] <ann> hi', /not \[HH:MM\]/],
    ['[1:00] <ann> hi', /not \[HH:MM\]/],
    ['[10:00] ann: hi', /not \[HH:MM\]/],
    ['[10:00] <> hi', /not \[HH:MM\]/],
    ['[10:00] <a b> hi', /not \[HH:MM\]/],
    ['[24:00] <ann> hi', /time of day/],
    ['[10:60] <ann> hi', /time of day/],
    ['[10:00] <ann>', /no text/],
    ['[10:00] <ann>   ', /no text/],
    ['[10:00] <ann> a\u0000b', /control/],
    [`[10:00] <ann> ${'x'.repeat(4001)}`, /longer/],
    ['\u0000\u0001\u0002PNG', /not \[HH:MM\]/],
  ])('%j is malformed', (line, fault) => {
    expect(parseLogLine(line)).toEqual({ kind: 'malformed', fault: expect.stringMatching(fault) });
  });

  test('the day is in the file name', () => {
    expect(dayOf('2004-12-25-c')).toBe(Date.UTC(2004, 11, 25));
    expect(dayOf('ubuntu_2004-12-25')).toBe(Date.UTC(2004, 11, 25));
    for (const name of ['ubuntu', '2004-13-25', '12004-12-25', '2004-12-251']) expect(dayOf(name)).toBe(null);
  });

  test('instants grow, through minutes of many messages, clocks set back and midnight', () => {
    const at = createLogClock(Date.UTC(2004, 11, 25));
    const times = [36_000, 36_000, 36_000, 36_060, 35_940, 36_120, 86_340, 0].map((time) => new Date(at(time)));
    expect(times.map((time) => time.toISOString().slice(8, 23))).toEqual([
      '25T10:00:00.000',
      '25T10:00:00.001',
      '25T10:00:00.002',
      '25T10:01:00.000',
      '25T10:01:00.001',
      '25T10:02:00.000',
      '25T23:59:00.000',
      '26T00:00:00.000',
    ]);
  });
});

describe('files', () => {
  const linesOf = async (content: string | Buffer) => {
    using folder = temporaryFolder();
    const file = path.join(folder.path, 'file');
    writeFileSync(file, content);
    const lines: Line[] = [];
    for await (const line of readLines(file)) lines.push(line);
    expect(await countLines(file)).toBe(lines.length);
    return lines;
  };
  const texts = async (content: string | Buffer) => (await linesOf(content)).map(({ text }) => text);

  test('lines end with LF or CRLF, the last one perhaps with nothing', async () => {
    expect(await texts('')).toEqual([]);
    expect(await texts('a\nb\n')).toEqual(['a', 'b']);
    expect(await texts('a\r\n\r\nb')).toEqual(['a', '', 'b']);
    expect(await texts('\n')).toEqual(['']);
  });

  test('a character that two reads share stays whole', async () => {
    const content = `${'x'.repeat(16_000)}\n`.repeat(4) + `${'é'.repeat(4_000)}\n`;
    expect((await texts(content)).at(-1)).toBe('é'.repeat(4_000));
  });

  test('what cannot be read as text is told by its number', async () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('c\n')]);
    expect(await linesOf(bytes)).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: null, fault: expect.stringContaining('UTF-8') },
      { number: 3, text: 'c' },
    ]);
  });

  test('a line as long as a file is told, not held', async () => {
    const before = process.memoryUsage().rss;
    const lines = await linesOf(`${'x'.repeat(20_000_000)}\n${'y'.repeat(MAX_LINE)}`);
    expect(lines.map(({ text }) => text?.length ?? null)).toEqual([null, MAX_LINE]);
    expect(lines[0]?.fault).toContain('longer');
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000);
  });

  test('are told apart by what is in them', async () => {
    using folder = temporaryFolder();
    const at = (name: string) => path.join(folder.path, name);
    mkdirSync(at('deep/er'), { recursive: true });
    mkdirSync(at('.git'));
    writeFileSync(at('friends'), '# people\n1 2\n2 3\nbroken\n');
    writeFileSync(at('deep/er/2020-01-01.log'), '--- opened\n\n[10:00] <ann> hi\n[10:01] <bob> hello\nbroken\n');
    writeFileSync(at('deep/photo.JPG'), 'whatever');
    writeFileSync(at('README.md'), '# About\n\nSome words of prose here.\nAnd more of it.\n');
    writeFileSync(at('.git/graph'), '1 2\n');
    writeFileSync(at('empty.txt'), '');
    const sources = await findSources([folder.path, at('friends')], never);
    expect(sources).toEqual({
      graphs: [{ file: at('friends'), name: 'friends', size: 4 }],
      logs: [{ file: at('deep/er/2020-01-01.log'), name: '2020-01-01', size: 5 }],
      pictures: [{ file: at('deep/photo.JPG'), name: 'photo', size: 1 }],
      others: [at('README.md'), at('empty.txt')],
    });
  });

  test('two logs of one name, and a path that leads nowhere, are problems', async () => {
    using folder = temporaryFolder();
    mkdirSync(path.join(folder.path, 'a'));
    for (const name of ['log.txt', 'a/log.txt']) writeFileSync(path.join(folder.path, name), '[10:00] <ann> hi\n');
    await expect(findSources([folder.path], never)).rejects.toMatchObject({ name: 'Problem' });
    await expect(findSources([path.join(folder.path, 'none')], never)).rejects.toMatchObject({ name: 'Problem' });
  });
});

test('progress tells what, how far, how fast and how long still', () => {
  expect([0.2, 61, 3600 * 2 + 600].map(duration)).toEqual(['1 s', '1 min 1 s', '2 h 10 min']);
  let written = '';
  let now = 0;
  const progress = createProgress({ write: (text) => (written += text), terminal: false, now: () => now });
  progress.begin('messages', 2000);
  progress.add(1500);
  progress.note('a note');
  now = 90_000;
  progress.end();
  expect(written).toBe('a note\nmessages: 1,500 in 1 min 30 s\n');
});
