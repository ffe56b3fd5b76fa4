import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Data } from '../../src/execution/compiled/merge.ts';
import { RepresentationList, compileRepresentation } from '../../src/execution/compiled/representations.ts';

const schema = buildSchema(`
  type Query { any: Media }
  interface Media { id: ID! }
  type Song implements Media { id: ID! price: Int maker: Maker }
  type Clip implements Media { id: ID! }
  type Maker { name: String parts: [[Part]] }
  type Part { size: Int }
`);

const field = (name: string, selections?: QueryPlanSelectionNode[]): QueryPlanSelectionNode =>
  selections ? { kind: 'Field', name, selections } : { kind: 'Field', name };
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections: [field('__typename'), ...selections],
});

function write(requires: QueryPlanSelectionNode[], entities: Data[], rewrites?: FetchDataRewrite[]) {
  const list = new RepresentationList();
  const writer = compileRepresentation(schema, requires, rewrites);
  const places = entities.map((entity) => writer(list, entity));
  return { places, list: JSON.parse(`[${list.text}]`) as unknown, count: list.count };
}

describe('representations', () => {
  it('writes each entity once', () => {
    const song = (id: string, price: number | null): Data => ({ __typename: 'Song', id, price });
    expect(write([on('Song', field('id'))], [song('1', 1), song('2', 1), song('1', 2)])).toEqual({
      places: [0, 1, 0],
      count: 2,
      list: [
        { __typename: 'Song', id: '1' },
        { __typename: 'Song', id: '2' },
      ],
    });
    const both = write(
      [on('Song', field('id'), field('price'))],
      [song('1', 1), song('1', 2), song('1', 1), song('1', null)],
    );
    expect(both.places).toEqual([0, 1, 0, 2]);
  });

  it('keeps values of different kinds apart', () => {
    const { places, list } = write(
      [on('Song', field('id'))],
      [1, '1', true, 'true', 'quote"\u2028'].map((id) => ({ __typename: 'Song', id })),
    );
    expect(places).toEqual([0, 1, 2, 3, 4]);
    expect(list).toMatchObject([{ id: 1 }, { id: '1' }, { id: true }, { id: 'true' }, { id: 'quote"\u2028' }]);
  });

  it('passes over what is of another type, or of which a required field is missing', () => {
    const entities = [
      { __typename: 'Clip', id: '1' },
      { __typename: 'Song' },
      { id: '1' },
      { __typename: 'constructor' },
    ];
    expect(write([on('Song', field('id'))], entities).places).toEqual([-1, -1, -1, -1]);
  });

  it('writes nested objects and lists in lists, null where a part is missing', () => {
    const requires = [on('Song', field('id'), field('maker', [field('name'), field('parts', [field('size')])]))];
    const maker = { name: 'n', extra: 1, parts: [[{ size: 1, extra: 1 }, null], null, [{}]] };
    expect(
      write(requires, [
        { __typename: 'Song', id: '1', maker },
        { __typename: 'Song', id: '2', maker: {} },
      ]).list,
    ).toEqual([
      { __typename: 'Song', id: '1', maker: { name: 'n', parts: [[{ size: 1 }, null], null, [null]] } },
      { __typename: 'Song', id: '2', maker: null },
    ]);
  });

  it('takes every type condition that fits, and leaves out those of which something is missing', () => {
    const requires = [on('Media', field('id')), on('Song', field('price'), field('maker', [field('name')]))];
    const entities = [
      { __typename: 'Song', id: '1', price: 1, maker: { name: 'n' } },
      { __typename: 'Song', id: '2', price: 1 },
      { __typename: 'Clip', id: '3' },
    ];
    expect(write(requires, entities).list).toEqual([
      { __typename: 'Song', id: '1', price: 1, maker: { name: 'n' } },
      { __typename: 'Song', id: '2' },
      { __typename: 'Clip', id: '3' },
    ]);
  });

  it('rewrites: the name of an interface in place of a type, and keys', () => {
    const toInterface: FetchDataRewrite = {
      kind: 'ValueSetter',
      path: ['... on Song', '__typename'],
      setValueTo: 'Media',
    };
    const rename: FetchDataRewrite = { kind: 'KeyRenamer', path: ['... on Song', 'price'], renameKeyTo: 'cost' };
    const song = { __typename: 'Song', id: '1', price: 0 };
    expect(write([on('Song', field('id'))], [song], [toInterface]).list).toEqual([{ __typename: 'Media', id: '1' }]);
    expect(write([on('Song', field('id'), field('price'))], [song], [rename]).list).toEqual([
      { __typename: 'Song', id: '1', cost: 0 },
    ]);
  });
});
