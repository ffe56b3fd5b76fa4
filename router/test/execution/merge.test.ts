import { describe, expect, it } from 'vitest';
import { merge, type Data } from '../../src/execution/compiled/merge.ts';

const merged = (target: Data, source: Data): Data => {
  merge(target, source);
  return target;
};

describe('merge', () => {
  it('merges objects key by key, and lists of one length element by element', () => {
    expect(merged({ id: 1, best: { a: 1 } }, { best: { b: 2 }, name: 'x' })).toEqual({
      id: 1,
      best: { a: 1, b: 2 },
      name: 'x',
    });
    expect(merged({ list: [{ a: 1 }, null, [{ a: 2 }]] }, { list: [{ b: 1 }, { b: 2 }, [{ b: 3 }]] })).toEqual({
      list: [{ a: 1, b: 1 }, { b: 2 }, [{ a: 2, b: 3 }]],
    });
  });

  it('lets a value beat null, whichever comes first', () => {
    expect(merged({ a: null, b: { c: 1 } }, { a: { x: 1 }, b: null })).toEqual({ a: { x: 1 }, b: { c: 1 } });
    expect(merged({ list: [null, 1] }, { list: [1, null] })).toEqual({ list: [1, 1] });
  });

  it('replaces lists of another length, and what is of another kind', () => {
    expect(merged({ list: [1, 2], a: { b: 1 }, c: 'text' }, { list: [3], a: [1], c: { d: 1 } })).toEqual({
      list: [3],
      a: [1],
      c: { d: 1 },
    });
  });

  it('keeps the name of a type that is known', () => {
    const interfaces = new Set(['Media']);
    const target = { __typename: 'Media', next: { __typename: 'Song' } };
    merge(target, { __typename: 'Clip', next: { __typename: 'Media' } }, interfaces);
    expect(target).toEqual({ __typename: 'Clip', next: { __typename: 'Song' } });
  });

  it('leaves prototypes alone', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as Data;
    const target = merged({ own: 1 }, hostile);
    expect(({} as Data)['polluted']).toBeUndefined();
    expect((target as { polluted?: unknown }).polluted).toBeUndefined();
    expect(merged({}, merged({}, hostile))).toEqual({ constructor: { prototype: { polluted: 1 } } });
    expect(({} as Data)['polluted']).toBeUndefined();
  });
});
