import {
  defaultFieldResolver,
  type FieldNode,
  GraphQLBoolean,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import * as completion from './complete.ts';
import type { CompleteObject } from './complete.ts';
import { collectFields, fieldOf, type Scope } from './fields.ts';
import { generate } from '../generate.ts';
import { prepareArguments } from './input.ts';
import type { Resolver, Selected } from './run.ts';

/** A compiled selection set. */
export interface Compiled {
  /** Executes the selection on an object; of a mutation one function for each field, in order, which omit the braces. */
  parts: readonly CompleteObject[];
  /** By the index of a field. */
  resolvers: readonly Resolver[];
}

/**
 * Compiles the execution of an operation to code that calls the resolvers and turns what they give into the text of
 * the answer, in one pass.
 *
 *     type User { name: String  posts: [Post!] }    where posts has a resolver
 *     { me { name posts { id } } }  ->
 *
 *     function f1(o, c, q) {                        c: the run; q: the path of this object; a: whether any part waits
 *       t = o.name;   v0 = typeof t === "string" ? quote(t) : (whatever else it is);
 *       v1 = f2(o, c, q);   if (typeof v1 !== "string") a = true;
 *       return a ? piece(['{"name":', v0, ',"posts":', v1, '}']) : '{"name":' + v0 + ',"posts":' + v1 + '}';
 *     }
 *
 * A well-formed value costs one test; complete.ts takes over for anything else. What is a promise becomes a Piece, and so
 * does everything around it: text and pieces in order. A null (no text) returned by a function means that an error was
 * recorded and what is around has to be null, as far out as a type allows null.
 *
 * Which objects are asked what is as in graphql-js: the same calls in the same order with the same arguments.
 */
export function compile(
  scope: Scope,
  type: GraphQLObjectType,
  selectionSet: SelectionSetNode,
  options: { serial: boolean },
): Compiled {
  return new Compiler(scope).compile(type, selectionSet, options.serial);
}

/** Where a value stands; each is code, but for `nullable`. */
interface Position {
  /** The field that it belongs to. */
  field: string;
  /** Of its type; of an element of a list there is none. */
  typename: string;
  nullable: boolean;
}

const text = (value: string): string => JSON.stringify(value);

class Compiler {
  readonly #scope: Scope;
  readonly #functions: string[] = [];
  readonly #objects = new Map<string, string>();
  readonly #sets = new Map<SelectionSetNode, number>();
  /** Objects that code refers to, and by which names. */
  readonly #constants = new Map<unknown, string>();
  readonly #enums = new Map<GraphQLLeafType, ReadonlyMap<unknown, string>>();
  readonly #resolvers: Resolver[] = [];
  #names = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  compile(type: GraphQLObjectType, selectionSet: SelectionSetNode, serial: boolean): Compiled {
    const fields = [...collectFields(this.#scope, type, [selectionSet])];
    const groups = serial ? fields.map((field) => [field]) : [fields];
    const [open, close] = serial ? ['', ''] : ['{', '}'];
    const names = groups.map((group) => this.#function('o,c,q', this.#fields(type, group, open, close)));
    // One array for all: a function has no room for as many parameters as an operation may have fields.
    const constants = Array.from(this.#constants.values(), (name, i) => `const ${name}=constants[${i}];`).join('');
    const code = `${constants}${this.#functions.join('\n')}\nreturn [${names.join(',')}];`;
    const known = { ...completion, isArray: Array.isArray, constants: [...this.#constants.keys()] };
    return { parts: generate(known, code) as CompleteObject[], resolvers: this.#resolvers };
  }

  #function(parameters: string, body: string): string {
    const name = `f${this.#names++}`;
    this.#functions.push(`function ${name}(${parameters}){${body}}`);
    return name;
  }

  #constant(value: unknown): string {
    const name = this.#constants.get(value) ?? `k${this.#constants.size}`;
    this.#constants.set(value, name);
    return name;
  }

  /** The name of the function that executes the selections of these nodes; one for each distinct pair. */
  #object(type: GraphQLObjectType, nodes: readonly FieldNode[]): string {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const id = `${type.name} ${sets.map((set) => this.#setId(set)).join(' ')}`;
    let name = this.#objects.get(id);
    if (name === undefined) {
      name = this.#function('o,c,q', this.#fields(type, [...collectFields(this.#scope, type, sets)], '{', '}'));
      this.#objects.set(id, name);
    }
    return name;
  }

  #setId(set: SelectionSetNode): number {
    const id = this.#sets.get(set) ?? this.#sets.size;
    this.#sets.set(set, id);
    return id;
  }

  #fields(type: GraphQLObjectType, fields: readonly [string, FieldNode[]][], open: string, close: string): string {
    let code = '';
    /** Of the result: fixed text and variables in turn. */
    const parts: string[] = [];
    let fixed = open;
    let count = 0;
    for (const [key, nodes] of fields) {
      const name = nodes[0]?.name.value ?? '';
      const field = fieldOf(this.#scope.schema, type, name);
      if (name !== '__typename' && field === undefined) continue;
      fixed += `${fixed === open && parts.length === 0 ? '' : ','}${text(key)}:`;
      if (field === undefined) {
        fixed += text(type.name);
        continue;
      }
      const variable = `v${count++}`;
      code += this.#field(type, key, nodes, field, variable);
      parts.push(text(fixed), variable);
      fixed = '';
    }
    parts.push(text(fixed + close));
    const declared = Array.from({ length: count }, (_, i) => `,v${i}`).join('');
    const source = 'const s=o!==null&&(typeof o==="object"||typeof o==="function")?o:NOTHING;';
    return `${source}let t,a=false${declared};${code}return a?piece([${parts.join(',')}]):${parts.join('+')};`;
  }

  /** Code that sets a variable to the text of a field, or returns null. */
  #field(
    type: GraphQLObjectType,
    key: string,
    nodes: readonly FieldNode[],
    field: GraphQLField<unknown, unknown>,
    variable: string,
  ): string {
    const index = this.#resolvers.push(field.resolve ?? defaultFieldResolver) - 1;
    const [first] = nodes;
    const args = first === undefined ? () => ({}) : prepareArguments(field, first);
    const plan: Selected = { parentType: type, field, nodes, arguments: args };
    const selected = this.#constant(plan);
    const nullable = !isNonNullType(field.type);
    const at: Position = { field: selected, typename: text(type.name), nullable };
    const label = text(key);
    const done = `${nullable ? '' : `if(${variable}===null)return null;`}if(typeof ${variable}!=="string")a=true;`;
    if (field.resolve !== undefined && field.resolve !== defaultFieldResolver) {
      const call = this.#call(field, index, label, this.#complete(field.type, nodes, at), at);
      return `${variable}=${call}(o,c,q);${done}`;
    }
    // A property; a function there is called.
    const read = `try{t=s[${text(field.name)}];}catch(e){t=thrown(e);}`;
    const special = 't!=null&&(typeof t==="function"||typeof t.then==="function")';
    const inner = nullableOf(field.type);
    // Of a leaf this is for what code does not know to be right: seldom called, and not worth code of its own.
    const complete = isLeafType(inner)
      ? this.#constant(completion.leafCompletion(plan, nullable, inner))
      : this.#complete(field.type, nodes, at);
    const called = `callProperty(s,t,c,q,${label},${selected},${nullable},${complete})`;
    const slow = `${variable}=${special}?${called}:${complete}(t,c,q,${label});${done}`;
    const known = isLeafType(inner) ? this.#known(inner) : null;
    return known === null ? `${read}${slow}` : `${read}if(${known.test})${variable}=${known.text};else{${slow}}`;
  }

  /** A function that calls the resolver of a field and completes what it gives. */
  #call(
    field: GraphQLField<unknown, unknown>,
    index: number,
    label: string,
    complete: string,
    { field: selected, typename, nullable }: Position,
  ): string {
    const args = field.args.length === 0 ? '{}' : `${selected}.arguments(c.variables)`;
    const info = `c.info(${selected},{prev:q,key:${label},typename:${typename}})`;
    return this.#function(
      'o,c,q',
      `let t;try{t=c.resolvers[${index}](o,${args},c.context,${info});}` +
        `catch(e){return c.refuse(${selected},${nullable},q,${label},e);}` +
        `return completeLater(t,c,q,${label},${selected},${nullable},${complete});`,
    );
  }

  /** The name of the function that completes a value of this type: (value, run, path around it, key). */
  #complete(type: GraphQLOutputType, nodes: readonly FieldNode[], at: Position): string {
    const inner = nullableOf(type);
    if (isLeafType(inner)) return this.#function('t,c,q,i', `return ${this.#leaf(inner, at)};`);
    const none = `if(t==null||t instanceof Error)return completeNone(t,c,q,i,${at.field},${at.nullable});`;
    const path = `const p={prev:q,key:i,typename:${at.typename}};`;
    if (isListType(inner)) return this.#function('t,c,q,i', `${none}${path}${this.#list(inner.ofType, nodes, at)}`);
    return this.#function('t,c,q,i', `${none}${path}return ${this.#composite(inner, nodes, at)};`);
  }

  #leaf(type: GraphQLLeafType, { field, nullable }: Position): string {
    const known = this.#known(type);
    const other = `completeLeaf(t,c,q,i,${field},${nullable},${this.#constant(type)})`;
    const absent = nullable ? `t==null?"null":${other}` : other;
    return known === null ? absent : `${known.test}?${known.text}:${absent}`;
  }

  /** Which values of a type need no coercion, and their text. */
  #known(type: GraphQLLeafType): { test: string; text: string } | null {
    if (type === GraphQLString || type === GraphQLID) return { test: 'typeof t==="string"', text: 'quote(t)' };
    if (type === GraphQLInt) return { test: 'typeof t==="number"&&(t|0)===t', text: '(""+t)' };
    if (type === GraphQLFloat) return { test: 'typeof t==="number"&&t-t===0', text: '(""+t)' };
    if (type === GraphQLBoolean) return { test: 'typeof t==="boolean"', text: '(""+t)' };
    if (!isEnumType(type)) return null;
    let values = this.#enums.get(type);
    if (values === undefined) {
      values = new Map(type.getValues().map(({ value, name }) => [value as unknown, text(name)]));
      this.#enums.set(type, values);
    }
    const names = this.#constant(values);
    return { test: `${names}.has(t)`, text: `${names}.get(t)` };
  }

  #list(type: GraphQLOutputType, nodes: readonly FieldNode[], { field, nullable }: Position): string {
    const canBeNull = !isNonNullType(type);
    const complete = this.#complete(type, nodes, { field, typename: 'undefined', nullable: canBeNull });
    const refuse = canBeNull ? '' : `if(v===null)return ${nullable ? '"null"' : 'null'};`;
    const later = `completeLater(e,c,p,j,${field},${canBeNull},${complete})`;
    return (
      `let l=t;if(!isArray(t)){l=elements(t,c,q,i,${field});if(l===null)return ${nullable ? '"null"' : 'null'};}` +
      `let r="[",a=null;for(let j=0;j<l.length;j++){const e=l[j];` +
      `const v=e!=null&&typeof e.then==="function"?${later}:${complete}(e,c,p,j);${refuse}` +
      `if(typeof v==="string")r+=j===0?v:","+v;else{(a??=[]).push(j===0?r:r+",",v);r="";}}` +
      `if(a===null)return r+"]";a.push(r+"]");return settle(piece(a),${nullable});`
    );
  }

  #composite(type: GraphQLCompositeType, nodes: readonly FieldNode[], at: Position): string {
    const { field, nullable } = at;
    if (isObjectType(type)) {
      const object = this.#object(type, nodes);
      return type.isTypeOf == null
        ? `settle(${object}(t,c,p),${nullable})`
        : `completeChecked(t,c,p,${field},${nullable},${this.#constant(type)},${object})`;
    }
    const cases = this.#scope.schema.getPossibleTypes(type).map((possible) => {
      const object = this.#object(possible, nodes);
      const checked = `completeChecked(o,c,q,${field},${nullable},${this.#constant(possible)},${object})`;
      const name = possible.isTypeOf == null ? object : this.#function('o,c,q', `return ${checked};`);
      return `case ${text(possible.name)}:return ${name};`;
    });
    const dispatch = this.#function('n', `switch(n){${cases.join('')}}`);
    return `completeAbstract(t,c,p,${field},${nullable},${this.#constant(type)},${dispatch})`;
  }
}

const nullableOf = (type: GraphQLOutputType): GraphQLOutputType & GraphQLNullableType =>
  isNonNullType(type) ? type.ofType : type;
