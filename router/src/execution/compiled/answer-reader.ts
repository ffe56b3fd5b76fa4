import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { generate } from '@chorus/kit/generate';
import { AnswerText, LEAF, leaf, leaves, match, nested, skip, typeHere, unreadable } from './answer-text.ts';
import type { Data } from './merge.ts';
import { collectFields, type SelectionContext } from './selection.ts';

/**
 * Reads the `data` of an answer that has no errors: what JSON.parse makes of it, several times faster. Objects that stand
 * at one place of the selection with the same text may be one object then, which is added to `repeated`.
 *
 * undefined when the text is not as expected: then JSON.parse has to say what it is.
 */
export type AnswerReader = (text: string, repeated: Set<Data>) => Data | undefined;

/** A field at the root of an answer: `_entities`, or the root type itself when there is no key. */
export interface AnswerPart {
  readonly key?: string;
  readonly type: GraphQLCompositeType;
  readonly selectionSet: SelectionSetNode;
  readonly context: SelectionContext;
  /** Whether objects at a path below (keys, joined by slashes) may be shared when their text is the same. */
  readonly mayShare: (path: string) => boolean;
}

/** Of a selection, each counted at every place that a fragment with it is spread at. A larger one is for JSON.parse. */
const MAX_FIELDS = 500;

/**
 * Compiles the selection of a call to code that reads its answer. Subgraphs print answers without white space, in the
 * order of the selection, so nearly all of the text is known before it comes, and what is left are the leaves:
 *
 *     { users { __typename id friend { id } } }
 *     ->
 *     x1 = /\{"__typename":"User","id":LEAF,"friend":/y
 *     function r1(a) { const from = a.at, m = match(a, x1), s = a.again(1, from, m[1]); if (s !== undefined) return s;
 *                      const v1 = leaf(m[1], m[2]), v2 = nested(a, r2); skip(a, "}");
 *                      return a.keep(1, from, m[1], { "__typename": "User", "id": v1, "friend": v2 }); }
 *
 * The same person is the author of many posts: answers repeat themselves. A place may share objects if `mayShare`; when
 * the text of one stands there again, it costs one comparison, and what is merged into it and printed of it is so once.
 *
 * undefined when the order of keys is not known: entities of several types, an abstract type without `__typename` first.
 */
export function compileReader(parts: readonly AnswerPart[]): AnswerReader | undefined {
  const main = new ReaderCompiler().compile(parts);
  if (main === undefined) return undefined;
  const read = (text: string, repeated: Set<Data>): Data | undefined => {
    const answer = new AnswerText(text, repeated);
    answer.at = '{"data":'.length;
    try {
      const data = main(answer);
      skip(answer, '}');
      return spaceOnly.test(text.slice(answer.at)) ? data : undefined;
    } catch {
      // Whatever it is, the caller lets JSON.parse find out.
      return undefined;
    }
  };
  // A subgraph that prints its answers otherwise is not tried each time.
  let failures = 0;
  let pause = 0;
  return (text, repeated) => {
    if (!text.startsWith('{"data":{')) return undefined;
    if (pause > 0) {
      pause--;
      return undefined;
    }
    const data = read(text, repeated);
    failures = data === undefined ? Math.min(2 * failures + 1, 255) : 0;
    pause = failures;
    return data;
  };
}

const spaceOnly = /^[ \t\r\n]*$/;

class ReaderCompiler {
  readonly #functions: string[] = [];
  readonly #scope: Record<string, unknown> = { leaf, leaves, match, nested, skip, typeHere, unreadable };
  #objects = 0;
  #fields = 0;

  compile(parts: readonly AnswerPart[]): ((answer: AnswerText) => Data) | undefined {
    const readers = parts.map((part) =>
      this.#value(part.type, [part.selectionSet], { part, path: '', repeats: false }),
    );
    if (readers.includes(undefined)) return undefined;
    let code = '';
    const values = parts.map(({ key }, i) => {
      const label = JSON.stringify(`${i === 0 ? '{' : ','}"${key}":`);
      code += `skip(a,${label});const v${i}=nested(a,${readers[i]});`;
      return `${JSON.stringify(key)}:v${i}`;
    });
    const [only] = parts;
    const main =
      only?.key === undefined
        ? `return ${readers[0]};`
        : `return(a)=>{${code}skip(a,"}");return{${values.join(',')}};};`;
    return generate(this.#scope, `${this.#functions.join('\n')}\n${main}`) as (answer: AnswerText) => Data;
  }

  /** The name of the function that reads an object of this type; undefined when the order of its keys is not known. */
  #value(type: GraphQLCompositeType, sets: readonly SelectionSetNode[], at: ReadingPlace): string | undefined {
    if (!isAbstractType(type)) return this.#object(type, sets, at);
    let cases = '';
    const { context } = at.part;
    for (const possible of context.schema.getPossibleTypes(type)) {
      const [first] = collectFields(context, possible, sets).keys();
      const read = first === '__typename' ? this.#object(possible, sets, at) : undefined;
      if (read === undefined) return undefined;
      cases += `case ${JSON.stringify(possible.name)}:return ${read}(a);`;
    }
    const name = `t${this.#functions.length}`;
    this.#functions.push(`function ${name}(a){switch(typeHere(a)){${cases}default:throw unreadable;}}`);
    return name;
  }

  #object(type: GraphQLObjectType, sets: readonly SelectionSetNode[], at: ReadingPlace): string | undefined {
    const place = this.#objects++;
    let segment: Segment = { pattern: String.raw`\{`, variables: [], inner: '' };
    const segments = [segment];
    const members: string[] = [];
    for (const [key, { name, selectionSets }] of collectFields(at.part.context, type, sets)) {
      const label = JSON.stringify(key);
      const variable = `v${members.length}`;
      segment.pattern += `${members.length === 0 ? '' : ','}${label}:`;
      if (name === '__typename') {
        segment.pattern += JSON.stringify(type.name);
        members.push(`${label}:${JSON.stringify(type.name)}`);
        continue;
      }
      members.push(`${label}:${variable}`);
      const fieldType = type.getFields()[name]?.type;
      if (this.#fields++ >= MAX_FIELDS || fieldType === undefined || key === '__proto__') return undefined;
      if (isLeafType(getNullableType(fieldType))) {
        segment.pattern += LEAF;
        segment.variables.push(variable);
        continue;
      }
      const read = this.#inner(fieldType, key, selectionSets, at);
      if (read === undefined) return undefined;
      segment.inner = `const ${variable}=${read};`;
      segments.push((segment = { pattern: '', variables: [], inner: '' }));
    }
    segment.pattern += String.raw`\}`;
    const object = `{${members.join(',')}}`;
    const shared = at.repeats && (segments[0]?.variables.length ?? 0) > 0 && at.part.mayShare(at.path);
    const again = `const first=m[1]??m[2],s=a.again(${place},from,first);if(s!==undefined)return s;`;
    const code = segments.map((segment, i) => this.#segment(segment, shared && i === 0 ? again : '')).join('');
    const result = shared ? `a.keep(${place},from,first,${object})` : object;
    this.#functions.push(`function r${place}(a){const from=a.at;let m;${code}return ${result};}`);
    return `r${place}`;
  }

  #segment({ pattern, variables, inner }: Segment, matched: string): string {
    if (variables.length === 0) return `skip(a,${JSON.stringify(pattern.replaceAll('\\', ''))});${inner}`;
    const x = `x${Object.keys(this.#scope).length}`;
    this.#scope[x] = new RegExp(pattern, 'y');
    const leaves = variables.map((variable, i) => `const ${variable}=leaf(m[${2 * i + 1}],m[${2 * i + 2}]);`);
    return `m=match(a,${x});${matched}${leaves.join('')}${inner}`;
  }

  /** Code that reads a list or an object. */
  #inner(
    type: GraphQLOutputType,
    key: string,
    sets: readonly SelectionSetNode[],
    at: ReadingPlace,
  ): string | undefined {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return 'leaves(a)';
    const repeats = at.repeats || at.part.key !== undefined || isListType(getNullableType(type));
    const path = at.path === '' ? key : `${at.path}/${key}`;
    const read = this.#value(named, sets, { part: at.part, path, repeats });
    return read && `nested(a,${read})`;
  }
}

/** A piece of an object's text up to the next object or list in it. */
interface Segment {
  /** What is expected, as a pattern. It is made of braces and of names, in which nothing is special to a pattern. */
  pattern: string;
  /** Of the leaves in it. */
  readonly variables: string[];
  /** Code that reads what comes after it. */
  inner: string;
}

/** Where in an answer an object is, and whether there can be several. */
interface ReadingPlace {
  readonly part: AnswerPart;
  /** Keys from the root of the part, joined by slashes. */
  readonly path: string;
  readonly repeats: boolean;
}
