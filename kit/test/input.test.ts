import { Kind } from 'graphql';
import { describe, expect, test } from 'vitest';
import { idPrefix, isId, newId } from '../src/ids.ts';
import { DateTime } from '../src/scalars.ts';
import { readText } from '../src/text.ts';

const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) });

describe('an id', () => {
  test('has the prefix of its type, and grows with time', () => {
    const ids = Array.from({ length: 1000 }, () => newId('pst'));
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => isId('pst', id) && idPrefix(id) === 'pst' && !isId('cmt', id))).toBe(true);
    expect(ids.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  });

  test.each([
    '',
    'pst_',
    'pst_123',
    `pst_${'g'.repeat(32)}`,
    `pst_${'A'.repeat(32)}`,
    `${newId('pst')}\n`,
    `x${newId('pst')}`,
  ])('%j is none', (id) => {
    expect(idPrefix(id)).toBeNull();
  });
});

describe('a text', () => {
  const read = (text: string, limits = { min: 1, max: 5 }) => readText('input.text', text, limits);

  test('loses its outer white space and is measured in code points', () => {
    expect(read('  a b \n')).toBe('a b');
    expect(read('🌍🌍🌍🌍🌍')).toBe('🌍🌍🌍🌍🌍');
    expect(read('   ', { min: 0, max: 5 })).toBe('');
  });

  test.each(['', ' \n ', 'abcdef', '🌍🌍🌍🌍🌍🌍', 'a'.repeat(100), 'a\0b', 'a\ud83c', '\udf0d'])(
    '%j is refused',
    (text) => {
      expect(() => read(text)).toThrow(refused);
    },
  );
});

describe('a DateTime', () => {
  test('is an instant, in any time zone', () => {
    expect(DateTime.parseValue('2026-01-31T13:00:00+01:00')).toEqual(new Date('2026-01-31T12:00:00Z'));
    expect(DateTime.parseLiteral({ kind: Kind.STRING, value: '2026-01-31T12:00Z' }, {})).toEqual(
      new Date('2026-01-31T12:00:00Z'),
    );
    expect(DateTime.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  });

  test.each([
    '',
    'yesterday',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-13-01T00:00:00Z',
    '+002026-01-31T12:00:00Z',
    5,
    null,
  ])('%j is none', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow(refused);
  });
});
