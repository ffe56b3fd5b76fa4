import type { FetchDataRewrite, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { isAbstractType, isInterfaceType, type GraphQLSchema } from 'graphql';
import { generate } from './generate.ts';
import { isData, type Data } from './merge.ts';
import { applyRewrites } from './rewrites.ts';
import { typeApplies } from './type-conditions.ts';

/** Writes the JSON text by which a subgraph knows an entity; undefined when too little is known of it. */
export type RepresentationWriter = (entity: Data) => string | undefined;

/**
 * The representations of one `_entities` field, each once.
 *
 *     add({ __typename: 'User', id: '1' }), add(... '2'), add(... '1')  ->  0, 1, 0;  text '{…"1"},{…"2"}'
 */
export class Representations {
  /** The elements of the JSON list, without its brackets. */
  text = '';
  count = 0;
  readonly #write: RepresentationWriter;
  readonly #index = new Map<string, number>();

  constructor(write: RepresentationWriter) {
    this.#write = write;
  }

  /** The place of this entity in the list; -1 when it cannot be represented. */
  add(entity: Data): number {
    const text = this.#write(entity);
    if (text === undefined) return -1;
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    this.#index.set(text, this.count);
    this.text += this.count === 0 ? text : ',' + text;
    return this.count++;
  }
}

/**
 * Compiles the `requires` of a fetch: one writer for each type that an entity can have.
 *
 *     ... on User { __typename id }  ->  (o) => { switch (o.__typename) { case "User":
 *                                          if (o["id"] === undefined) return undefined;
 *                                          return '{"__typename":"User","id":' + text(o["id"]) + '}'; } }
 *
 * An entity that lacks a required field is not asked for. Where the planner asks for more than fields of one type
 * condition (several conditions that fit, nested conditions, unusual rewrites), the representation is built as an
 * object and then printed: slower, and rare.
 */
export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] = [],
): RepresentationWriter {
  const general: RepresentationWriter = (entity) => {
    const built = build(schema, entity, requires);
    if (built === null || built['__typename'] === undefined) return undefined;
    applyRewrites(schema, rewrites, built);
    return JSON.stringify(built);
  };
  const cases = typenamesOf(schema, requires).map((typename) => {
    const label = `case ${JSON.stringify(typename)}:`;
    const fields = plainFields(schema, requires, typename);
    const typenameText = rewrittenTypename(schema, rewrites, typename);
    if (fields === undefined || typenameText === undefined) return `${label}return general(o);`;
    return `${label}{let t;${writeFields(fields, typenameText, 'return undefined;')}}`;
  });
  const code = `return (o)=>{switch(o.__typename){${cases.join('')}default:return undefined;}}`;
  return generate({ general, text }, code) as RepresentationWriter;
}

/** Code that writes an object's fields; `otherwise` is what happens when one is missing. Names are JSON-quoted. */
function writeFields(fields: readonly QueryPlanFieldNode[], typename: string, otherwise: string): string {
  const parts = fields.map((field, i) => {
    const key = JSON.stringify(field.name);
    const label = JSON.stringify(`${i === 0 ? '' : ','}${key}:`);
    if (field.name === '__typename') return `r+=${label}+${JSON.stringify(JSON.stringify(typename))};`;
    const nested = field.selections === undefined ? 'text(t)' : writeNested(field.selections);
    return `t=o[${key}];if(t===undefined)${otherwise}r+=${label}+${nested};`;
  });
  return `let r="{";${parts.join('')}return r+"}";`;
}

function writeNested(selections: readonly QueryPlanSelectionNode[]): string {
  const fields = selections.filter((selection) => selection.kind === 'Field');
  const parts = fields.map((field, i) => {
    const key = JSON.stringify(field.name);
    const label = JSON.stringify(`${i === 0 ? '' : ','}${key}:`);
    const nested = field.selections === undefined ? 'text(t)' : writeNested(field.selections);
    return `t=o[${key}];if(t===undefined)return "null";r+=${label}+${nested};`;
  });
  const object = `let t,r="{";${parts.join('')}return r+"}";`;
  return `(function w(o){if(o===null||typeof o!=="object")return "null";if(Array.isArray(o))return "["+o.map(w)+"]";${object}})(t)`;
}

const text = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);

/** Every `__typename` that an entity may carry and be represented: concrete types, and interfaces kept elsewhere. */
function typenamesOf(schema: GraphQLSchema, requires: readonly QueryPlanSelectionNode[]): string[] {
  const names = new Set<string>();
  for (const selection of requires) {
    if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) continue;
    names.add(selection.typeCondition);
    const type = schema.getType(selection.typeCondition);
    if (!isAbstractType(type)) continue;
    for (const possible of schema.getPossibleTypes(type)) names.add(possible.name);
    if (isInterfaceType(type)) for (const sub of schema.getImplementations(type).interfaces) names.add(sub.name);
  }
  return [...names];
}

/** The fields for one type when they come from one type condition and hold no further ones; else undefined. */
function plainFields(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  typename: string,
): QueryPlanFieldNode[] | undefined {
  const fitting = requires.filter(
    (selection) => selection.kind === 'Field' || typeApplies(schema, selection.typeCondition ?? typename, typename),
  );
  const [only] = fitting;
  if (fitting.length !== 1 || only?.kind !== 'InlineFragment') return undefined;
  return onlyFields(only.selections) ? only.selections : undefined;
}

function onlyFields(selections: readonly QueryPlanSelectionNode[]): selections is QueryPlanFieldNode[] {
  return selections.every(
    (selection) =>
      selection.kind === 'Field' &&
      selection.alias === undefined &&
      (selection.selections === undefined || onlyFields(selection.selections)),
  );
}

/** The `__typename` to write; undefined when a rewrite does anything but set it. */
function rewrittenTypename(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[],
  typename: string,
): string | undefined {
  let name = typename;
  for (const { kind, path, ...rewrite } of rewrites) {
    const condition = /^\.\.\. on (.+)$/.exec(path[0] ?? '')?.[1];
    if (kind !== 'ValueSetter' || path.length !== 2 || path[1] !== '__typename' || condition === undefined) {
      return undefined;
    }
    if (typeApplies(schema, condition, name) && 'setValueTo' in rewrite) name = String(rewrite.setValueTo);
  }
  return name;
}

/** Builds a representation as an object: a type condition of which a field is missing contributes nothing. */
function build(schema: GraphQLSchema, source: Data, selections: readonly QueryPlanSelectionNode[]): Data | null {
  const result: Data = {};
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      const typename = source['__typename'];
      if (typeof typename !== 'string') continue;
      if (!typeApplies(schema, selection.typeCondition ?? typename, typename)) continue;
      const part = build(schema, source, selection.selections);
      if (part !== null) extend(result, part);
      continue;
    }
    const key = selection.alias ?? selection.name;
    const value = Object.hasOwn(source, key) ? source[key] : undefined;
    if (value === undefined) return null;
    result[key] = selection.selections === undefined ? value : buildValue(schema, value, selection.selections);
  }
  return result;
}

function buildValue(schema: GraphQLSchema, value: unknown, selections: readonly QueryPlanSelectionNode[]): unknown {
  if (Array.isArray(value)) return value.map((element) => buildValue(schema, element, selections));
  return isData(value) ? build(schema, value, selections) : null;
}

/** Two type conditions can require parts of one object: `dimensions { size }` and `dimensions { weight }`. */
function extend(target: Data, part: Data): void {
  for (const [key, value] of Object.entries(part)) {
    const current = target[key];
    if (isData(current) && isData(value)) extend(current, value);
    else target[key] = value;
  }
}
