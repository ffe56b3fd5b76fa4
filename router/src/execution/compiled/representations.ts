import type { FetchDataRewrite, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { isAbstractType, isInterfaceType, type GraphQLSchema } from 'graphql';
import { generate } from '@chorus/kit/generate';
import { isData, type Data } from './merge.ts';
import { applyRewrites } from './rewrites.ts';
import { typeApplies } from './type-conditions.ts';

/** An entity in the list, and the one before it with the same key. */
interface Entry {
  readonly object: Data;
  readonly place: number;
  readonly next: Entry | undefined;
}

/** The representations of one `_entities` field, each once. */
export class RepresentationList {
  /** The elements of the JSON list, without its brackets. */
  text = '';
  count = 0;
  /** For each type: entities by the value of their first key field. */
  readonly #byKey: Map<unknown, Entry>[] = [];
  readonly #byText = new Map<string, number>();

  /** @internal for generated code */
  index(type: number): Map<unknown, Entry> {
    return (this.#byKey[type] ??= new Map<unknown, Entry>());
  }

  /** @internal for generated code */
  push(text: string): number {
    this.text += this.count === 0 ? text : ',' + text;
    return this.count++;
  }

  pushOnce(text: string): number {
    let place = this.#byText.get(text);
    if (place === undefined) this.#byText.set(text, (place = this.push(text)));
    return place;
  }
}

/** Puts an entity's representation into the list unless it is there; returns its place, -1 if too little is known. */
export type RepresentationWriter = (list: RepresentationList, entity: Data) => number;

/**
 * Compiles the `requires` of a fetch: one writer for each type that an entity can have.
 *
 *     ... on User { __typename id }  ->  (list, o) => { switch (o.__typename) { case "User": const v0 = o["id"];
 *       if (v0 === undefined) return -1;              too little is known
 *       known = list.index(0).get(v0); if (known) return known.place;
 *       return list.push('{"__typename":"User","id":' + text(v0) + '}'), remembered under v0 } }
 *
 *     id "1", id "2", id "1"  ->  places 0, 1, 0 and the text {"__typename":"User","id":"1"},{…"2"}
 *
 * Where the planner asks for more than fields of one type condition (several conditions that fit, nested conditions,
 * unusual rewrites), the representation is built as an object and then printed: slower, and rare.
 */
export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] = [],
): RepresentationWriter {
  const general: RepresentationWriter = (list, entity) => {
    const built = build(schema, entity, requires);
    if (built === null || built['__typename'] === undefined) return -1;
    applyRewrites(schema, rewrites, built);
    return list.pushOnce(JSON.stringify(built));
  };
  const cases = typenamesOf(schema, requires).map((typename, type) => {
    const fields = plainFields(schema, requires, typename);
    const typenameText = rewrittenTypename(schema, rewrites, typename);
    const simple = fields && typenameText !== undefined && writeEntity(fields, typenameText, type);
    return `case ${JSON.stringify(typename)}:${simple || 'return general(list,o);'}`;
  });
  const code = `return (list,o)=>{switch(o.__typename){${cases.join('')}default:return -1;}}`;
  return generate({ general, text }, code) as RepresentationWriter;
}

/** Code for an entity of one type; undefined when none of the fields is a leaf to look it up by. */
function writeEntity(fields: readonly QueryPlanFieldNode[], typename: string, type: number): string | undefined {
  const values = fields.filter(({ name }) => name !== '__typename');
  const key = values.findIndex(({ selections }) => selections === undefined);
  if (key < 0 || values.length === fields.length) return undefined;
  const reads = values.map(({ name }, i) => `v${i}=o[${JSON.stringify(name)}]`);
  const missing = values.map((_, i) => `v${i}===undefined`);
  const same = values.flatMap(({ name }, i) => (i === key ? [] : [`e.object[${JSON.stringify(name)}]===v${i}`]));
  const parts = fields.map((field, i) => {
    const label = JSON.stringify(`${i === 0 ? '{' : ','}${JSON.stringify(field.name)}:`);
    const value = `v${values.indexOf(field)}`;
    if (field.name === '__typename') return `${label}+${JSON.stringify(JSON.stringify(typename))}`;
    return `${label}+${field.selections === undefined ? `text(${value})` : writeNested(field.selections, value)}`;
  });
  return (
    `{const ${reads.join(',')};if(${missing.join('||')})return -1;` +
    `const m=list.index(${type}),next=m.get(v${key});` +
    `for(let e=next;e!==undefined;e=e.next)if(${same.join('&&') || 'true'})return e.place;` +
    `const place=list.push(${parts.join('+')}+"}");m.set(v${key},{object:o,place,next});return place;}`
  );
}

/** Code for the text of a nested object or list; null in place of an object of which a field is missing. */
function writeNested(selections: readonly QueryPlanSelectionNode[], value: string): string {
  const fields = selections.filter((selection) => selection.kind === 'Field');
  const parts = fields.map((field, i) => {
    const key = JSON.stringify(field.name);
    const label = JSON.stringify(`${i === 0 ? '' : ','}${key}:`);
    const nested = field.selections === undefined ? 'text(t)' : writeNested(field.selections, 't');
    return `t=o[${key}];if(t===undefined)return "null";r+=${label}+${nested};`;
  });
  const object = `let t,r="{";${parts.join('')}return r+"}";`;
  return `(function w(o){if(o===null||typeof o!=="object")return "null";if(Array.isArray(o))return "["+o.map(w)+"]";${object}})(${value})`;
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
