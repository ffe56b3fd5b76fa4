import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sources } from '@chorus/schema/events';
import { sharingOf } from '@chorus/kit/sharing';
import { RoomEventsDocument } from '@chorus/sdk';
import {
  buildSchema,
  type FieldDefinitionNode,
  getOperationAST,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { ROOT, SUBGRAPHS } from '../src/layout.ts';

/** DESIGN's table of who owns what, as the schemas must agree with it. */
const owners = {
  User: 'users',
  Notification: 'users',
  Post: 'posts',
  Comment: 'posts',
  Room: 'chat',
  Message: 'chat',
  Media: 'media',
};
const roots = new Set(['Query', 'Mutation', 'Subscription']);

const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));
/** Whether the innermost type can be null: `[Media]!` can hold a null, `[Media!]` cannot. */
const innerNullable = (type: TypeNode): boolean => {
  if (type.kind === Kind.NAMED_TYPE) return true;
  if (type.kind === Kind.LIST_TYPE) return innerNullable(type.type);
  return type.type.kind === Kind.LIST_TYPE && innerNullable(type.type);
};
const keysOf = (type: ObjectTypeDefinitionNode, { resolvable = false } = {}): string[] =>
  (type.directives ?? [])
    .filter((directive) => directive.name.value === 'key')
    .filter((key) => !resolvable || !key.arguments?.some(({ name }) => name.value === 'resolvable'))
    .flatMap((directive) => directive.arguments ?? [])
    .flatMap(({ name, value }) => (name.value === 'fields' && value.kind === Kind.STRING ? [value.value] : []));

describe.each(SUBGRAPHS)('schema/%s.graphql', (subgraph) => {
  const document = parse(readFileSync(path.join(ROOT, 'schema', `${subgraph}.graphql`), 'utf8'));
  const types = document.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  const fields: [string, FieldDefinitionNode][] = types.flatMap((type) =>
    (type.fields ?? []).map((field): [string, FieldDefinitionNode] => [
      `${type.name.value}.${field.name.value}`,
      field,
    ]),
  );

  test('a reference to an entity of another subgraph is nullable, so that one hidden author nulls no page', () => {
    const foreign = fields.filter(([, { type }]) => {
      const owner = Object.entries(owners).find(([name]) => name === named(type))?.[1];
      return owner !== undefined && owner !== subgraph;
    });
    expect(foreign.filter(([, { type }]) => !innerNullable(type)).map(([name]) => name)).toEqual([]);
  });

  test('root fields are nullable', () => {
    const rootFields = fields.filter(([name]) => roots.has(name.split('.')[0] ?? ''));
    const strict = rootFields.filter(([, { type }]) => type.kind === Kind.NON_NULL_TYPE);
    expect(strict.map(([name]) => name)).toEqual([]);
  });

  test('an entity is found by its global id, Media by its ref', () => {
    const keyed = types
      .filter(({ name }) => Object.hasOwn(owners, name.value))
      .map((type) => ({ name: type.name.value, keys: keysOf(type) }));
    const owned = keyed.filter(({ name }) =>
      Object.entries(owners).some(([entity, owner]) => entity === name && owner === subgraph),
    );
    for (const { name, keys } of keyed) expect(keys, name).not.toEqual([]);
    for (const { name, keys } of owned) expect(keys, name).toContain(name === 'Media' ? 'ref' : 'id');
  });

  test('every entity has an owner in the table above', () => {
    const resolvable = types.filter((type) => keysOf(type, { resolvable: true }).length > 0);
    expect(resolvable.map((type) => type.name.value).filter((name) => !Object.hasOwn(owners, name))).toEqual([]);
  });

  test('every connection takes the four arguments of a page, after its own', () => {
    // A window around one message: `messages` goes on from its cursors.
    const others = new Set(['Room.messagesAround']);
    const pages = fields.filter(([name, { type }]) => named(type).endsWith('Connection') && !others.has(name));
    for (const [name, field] of pages) {
      expect(
        field.arguments?.slice(-4).map((argument) => argument.name.value),
        name,
      ).toEqual(['first', 'after', 'last', 'before']);
    }
  });
});

test('every event comes from a subgraph', () => {
  for (const source of Object.values(sources)) expect(SUBGRAPHS).toContain(source);
});

describe('@shared', () => {
  const fieldsOf = (subgraph: string) =>
    parse(readFileSync(path.join(ROOT, 'schema', `${subgraph}.graphql`), 'utf8'))
      .definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
      .flatMap((type) =>
        (type.fields ?? []).map((field) => ({ name: `${type.name.value}.${field.name.value}`, field })),
      );

  test('marks a field in every subgraph that has it, or in none: the router asks any of them', () => {
    const byName = Map.groupBy(SUBGRAPHS.flatMap(fieldsOf), ({ name }) => name);
    const marked = ({ field }: { field: FieldDefinitionNode }) =>
      field.directives?.some(({ name }) => name.value === 'shared') === true;
    const halfMarked = [...byName].filter(([, fields]) => fields.some(marked) && !fields.every(marked));
    expect(halfMarked.map(([name]) => name)).toEqual([]);
  });

  test('is on all that the SDK asks of a room’s events, so that a busy room costs little', () => {
    const supergraph = buildSchema(readFileSync(path.join(ROOT, 'schema/supergraph.graphql'), 'utf8'), {
      assumeValid: true,
      assumeValidSDL: true,
    });
    const document = parse(String(RoomEventsDocument));
    const definition = getOperationAST(document);
    const sharing = definition && sharingOf(supergraph, document, definition);
    expect(sharing?.starts).toEqual(new Set(['after']));
  });
});
