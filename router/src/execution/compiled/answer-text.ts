import type { Data } from './merge.ts';

/** One answer of a subgraph while generated code of answer-reader.ts reads it, from left to right. */
export class AnswerText {
  at = 0;
  readonly text: string;
  readonly #repeated: Set<Data>;
  /** For each place of the selection: the last object there with this first leaf. */
  readonly #objects: Map<string, { text: string; object: Data }>[] = [];
  /** For each place: how many more objects are looked up in vain before it is taken for one without repetitions. */
  readonly #patience: number[] = [];

  constructor(text: string, repeated: Set<Data>) {
    this.text = text;
    this.#repeated = repeated;
  }

  /** The object that was read at this place from the same text as stands here, if any; `first` is its first leaf. */
  again(place: number, from: number, first: string): Data | undefined {
    const patience = this.#patience[place] ?? PATIENCE;
    if (patience === 0) return undefined;
    const known = this.#objects[place]?.get(first);
    if (known !== undefined) {
      // An object's text ends where its brackets close, so no object's text begins another's.
      const end = from + known.text.length;
      if (this.text.slice(from, end) === known.text) {
        this.at = end;
        this.#repeated.add(known.object);
        this.#patience[place] = PATIENCE;
        return known.object;
      }
    }
    this.#patience[place] = patience - 1;
    return undefined;
  }

  keep(place: number, from: number, first: string, object: Data): Data {
    if (this.#patience[place] === 0) return object;
    const objects = (this.#objects[place] ??= new Map<string, { text: string; object: Data }>());
    objects.set(first, { text: this.text.slice(from, this.at), object });
    return object;
  }
}

/** Looking costs a tenth of reading; where every object is another, most of that is saved. */
const PATIENCE = 50;

/** Thrown, and caught by the reader, where an answer goes on otherwise than is expected. */
export const unreadable = new Error('not the text that was expected');

/**
 * A leaf as a pattern: a string without escapes in one group; in a second a string with escapes, or what may be a number
 * or a word. No text fits in two ways, so a match that fails does so in linear time. Patterns become machine code, about
 * 1 KB for each leaf.
 */
export const LEAF = String.raw`(?:"(PLAIN)"|([-+.\w]+|"(?:PLAIN\\.)+PLAIN"))`.replaceAll(
  'PLAIN',
  String.raw`[^"\\\x00-\x1f]*`,
);

/** What a pattern matches here. */
export function match(answer: AnswerText, pattern: RegExp): RegExpExecArray {
  pattern.lastIndex = answer.at;
  const found = pattern.exec(answer.text);
  if (found === null) throw unreadable;
  answer.at = pattern.lastIndex;
  return found;
}

export function skip(answer: AnswerText, expected: string): void {
  if (!answer.text.startsWith(expected, answer.at)) throw unreadable;
  answer.at += expected.length;
}

/** The value of a leaf, from the two groups of its pattern. */
export const leaf = (plain: string | undefined, other: string | undefined): unknown => plain ?? unusual(other ?? '');

function unusual(text: string): unknown {
  if (text === 'null') return null;
  if (text === 'true') return true;
  if (text === 'false') return false;
  return wholeNumber.test(text) ? Number(text) : JSON.parse(text);
}

const wholeNumber = /^(?:0|[1-9]\d{0,14})$/;

const leafPattern = new RegExp(LEAF, 'y');

/** A leaf, or a list of such. */
export function leaves(answer: AnswerText): unknown {
  if (answer.text.charCodeAt(answer.at) === OPENING_BRACKET) return list(answer, leaves, undefined);
  const found = match(answer, leafPattern);
  return leaf(found[1], found[2]);
}

type ObjectReader = (answer: AnswerText) => Data;

/** An object, null, or a list of such. */
export function nested(answer: AnswerText, read: ObjectReader): unknown {
  const next = answer.text.charCodeAt(answer.at);
  if (next === OPENING_BRACE) return read(answer);
  if (next === OPENING_BRACKET) return list(answer, nested, read);
  skip(answer, 'null');
  return null;
}

function list<Read>(answer: AnswerText, each: (answer: AnswerText, read: Read) => unknown, read: Read): unknown[] {
  const elements: unknown[] = [];
  answer.at++;
  if (answer.text.charCodeAt(answer.at) === CLOSING_BRACKET) {
    answer.at++;
    return elements;
  }
  for (;;) {
    elements.push(each(answer, read));
    const next = answer.text.charCodeAt(answer.at++);
    if (next === CLOSING_BRACKET) return elements;
    if (next !== COMMA) throw unreadable;
  }
}

/** The type of the object that begins here; nothing is read yet. */
export function typeHere(answer: AnswerText): string | undefined {
  typenamePattern.lastIndex = answer.at;
  return typenamePattern.exec(answer.text)?.[1];
}

const typenamePattern = /\{"__typename":"(\w+)"/y;

const OPENING_BRACE = 123;
const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const COMMA = 44;
