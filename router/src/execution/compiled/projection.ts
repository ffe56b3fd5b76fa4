import {
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { generate } from '@chorus/kit/generate';
import type { Data } from './merge.ts';
import {
  leaf,
  nullInside,
  nullValue,
  printOnce,
  quote,
  unknownType,
  within,
  wrongValue,
  type ProjectionRun,
} from './projection-run.ts';
import { collectFields, type SelectionContext } from './selection.ts';

/** Prints what the client asked for of an object, as JSON; null (no text) when it has to be null. */
export type Projection = (object: Data, run: ProjectionRun) => string | null;

/**
 * Compiles a selection over the API schema to code that turns merged data into the text of the answer, in one pass.
 *
 *     { me { name age } }  ->  function p1(o, c) { ...
 *                                v0 = typeof (t = o["name"]) === "string" ? quote(t) : t == null ? null : leaf(...);
 *                                v1 = typeof (t = o["age"]) === "number" && (t | 0) === t ? "" + t : ...;
 *                                return '{"name":' + v0 + ',"age":' + v1 + '}'; }
 *
 * This is the specification's CompleteValue. A well-formed value costs one test. For anything else a helper of
 * projection-run.ts takes over: it coerces as GraphQL's scalars do, or records an error and leaves null. A null in a
 * non-null position makes the function around it return null, and so on outwards up to a position that may be null.
 * The path of an error is put together on that way out, so no path is kept while all is well.
 */
export class ProjectionCompiler {
  readonly #context: SelectionContext;
  /** What errors and the answer call a key. */
  readonly #clientKeys: ReadonlyMap<string, string>;
  readonly #functions: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #setIds = new Map<SelectionSetNode, number>();
  readonly #types: GraphQLLeafType[] = [];

  constructor(context: SelectionContext, clientKeys: ReadonlyMap<string, string>) {
    this.#context = context;
    this.#clientKeys = clientKeys;
  }

  compile(type: GraphQLCompositeType, selectionSet: SelectionSetNode): Projection {
    const root = this.#object(type, [selectionSet]);
    const values = this.#types.map((type) => (isEnumType(type) ? new Set(type.getValues().map((v) => v.name)) : null));
    const code = `${this.#functions.join('\n')}\nreturn ${root};`;
    const helpers = { quote, leaf, nullInside, nullValue, printOnce, unknownType, wrongValue, within };
    const scope = { ...helpers, types: this.#types, values, isArray: Array.isArray, own: Object.hasOwn };
    return generate(scope, code) as Projection;
  }

  /** The name of the function that prints this selection on this type; one for each distinct pair. */
  #object(type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): string {
    const id = `${type.name} ${sets.map((set) => this.#setId(set)).join(' ')}`;
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const name = `p${this.#names.size}`;
    this.#names.set(id, name);
    const check = `if(typeof o!=="object"||isArray(o))return wrongValue(c,${text(type.name)});`;
    const body = isAbstractType(type) ? this.#dispatch(type, sets) : this.#fields(type, sets);
    const print = `print${name}`;
    const once = `c.repeated.has(o)?printOnce(c,${name.slice(1)},o,${print}):${print}(o,c)`;
    this.#functions.push(`function ${name}(o,c){${check}return ${once};}function ${print}(o,c){${body}}`);
    return name;
  }

  #setId(set: SelectionSetNode): number {
    let id = this.#setIds.get(set);
    if (id === undefined) this.#setIds.set(set, (id = this.#setIds.size));
    return id;
  }

  /**
   * By runtime type. An object of which only an interface is known (the subgraph holds it as an @interfaceObject, and
   * nothing that depends on its type was asked) is printed as that interface.
   */
  #dispatch(type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): string {
    const { schema } = this.#context;
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
    const cases = possible.map((type) => `case ${text(type.name)}:return ${this.#object(type, sets)}(o,c);`).join('');
    const known = isInterfaceType(type)
      ? [type.name, ...schema.getImplementations(type).interfaces.map(({ name }) => name)]
      : [];
    const labels = known.map((name) => `case ${text(name)}:`).join('');
    const asInterface = isInterfaceType(type) ? `${labels}case undefined:{${this.#fields(type, sets)}}` : '';
    return `switch(o.__typename){${cases}${asInterface}default:return wrongValue(c,${text(type.name)});}`;
  }

  #fields(type: GraphQLObjectType | GraphQLInterfaceType, sets: readonly SelectionSetNode[]): string {
    let code = '';
    let result = '';
    let fixed = '{';
    let count = 0;
    for (const [key, { name, selectionSets }] of collectFields(this.#context, type, sets)) {
      const label = text(this.#clientKey(key));
      fixed += `${fixed === '{' && result === '' ? '' : ','}${label}:`;
      if (name === '__typename') {
        if (!isObjectType(type)) return `return unknownType(c,o,${text(type.name)},${label});`;
        fixed += text(type.name);
        continue;
      }
      const variable = `v${count++}`;
      code += this.#field(type, key, name, selectionSets, variable);
      result += `${text(fixed)}+${variable}+`;
      fixed = '';
    }
    const declared = Array.from({ length: count }, (_, i) => `,v${i}`).join('');
    return `let t,m${declared};${code}return ${result}${text(`${fixed}}`)};`;
  }

  #field(
    type: GraphQLObjectType | GraphQLInterfaceType,
    key: string,
    name: string,
    sets: readonly SelectionSetNode[],
    variable: string,
  ): string {
    if (name === '__schema' || name === '__type') return `${variable}=c.introspection[${text(key)}];`;
    const fieldType = type.getFields()[name]?.type;
    if (fieldType === undefined) throw new Error(`Type ${type.name} has no field ${name}.`);
    const place = text(`${type.name}.${name}`);
    const label = text(this.#clientKey(key));
    // Keys such as "constructor" exist on every object; data has them only as its own.
    const value = key in Object.prototype ? `(own(o,${text(key)})?o[${text(key)}]:undefined)` : `o[${text(key)}]`;
    return `t=${value};${this.#value(fieldType, sets, { variable, place, label, object: 'o' })}`;
  }

  /** Code that sets a variable to the text of the value `t`, or to null; or returns null where null may not be. */
  #value(type: GraphQLOutputType, sets: readonly SelectionSetNode[], at: ValuePlace): string {
    const { variable, place, label, object } = at;
    const nullable = isNonNullType(type) ? type.ofType : type;
    const none = `nullValue(c,${object},t,${place},${label})`;
    if (isLeafType(nullable)) {
      const refuse = isNonNullType(type) ? `if(${variable}===null)return ${none};` : '';
      return `${variable}=${this.#leaf(nullable, label)};${refuse}`;
    }
    const print = isListType(nullable) ? this.#list(nullable.ofType, sets, place) : this.#object(nullable, sets);
    // Errors recorded inside lie below this key or index: that goes in front of their paths.
    const inside = `m=c.count;${variable}=${print}(t,c);if(c.count!==m)within(c,m,${label});`;
    return isNonNullType(type)
      ? `if(t==null)return ${none};${inside}if(${variable}===null)return nullInside(c,m,${place},${label});`
      : `if(t==null)${variable}=null;else{${inside}}`;
  }

  #leaf(type: GraphQLLeafType, label: string): string {
    const index = this.#types.includes(type) ? this.#types.indexOf(type) : this.#types.push(type) - 1;
    const otherwise = `t==null?null:leaf(c,types[${index}],t,${label})`;
    switch (type.name) {
      case 'String':
      case 'ID':
        return `typeof t==="string"?quote(t):${otherwise}`;
      case 'Int':
        return `typeof t==="number"&&(t|0)===t?""+t:${otherwise}`;
      case 'Float':
        return `typeof t==="number"&&t-t===0?""+t:${otherwise}`;
      case 'Boolean':
        return `t===true?"true":t===false?"false":${otherwise}`;
      default:
        if (isEnumType(type)) return `typeof t==="string"&&values[${index}].has(t)?'"'+t+'"':${otherwise}`;
        return `typeof t==="string"?quote(t):t==null?null:JSON.stringify(t)`;
    }
  }

  #list(itemType: GraphQLOutputType, sets: readonly SelectionSetNode[], place: string): string {
    const item = this.#value(itemType, sets, { variable: 'v', place, label: 'i', object: 'undefined' });
    const name = `l${this.#functions.length}`;
    this.#functions.push(
      `function ${name}(a,c){if(!isArray(a))return wrongValue(c,"list");let r="[",m,t,v;` +
        `for(let i=0;i<a.length;i++){t=a[i];${item}r+=i===0?v:","+v;}return r+"]";}`,
    );
    return name;
  }

  #clientKey(key: string): string {
    return this.#clientKeys.get(key) ?? key;
  }
}

/** Where generated code puts a value, and what errors call the place; each is code. */
interface ValuePlace {
  readonly variable: string;
  readonly place: string;
  readonly label: string;
  /** The object whose field it is. */
  readonly object: string;
}

const text = JSON.stringify;
