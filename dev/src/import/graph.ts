import { handleOf, handleOfNumber } from './handles.ts';
import type { NewPerson } from './people.ts';

/** One line of a social graph, `a b`: two people who follow each other. */
export interface Edge {
  kind: 'edge';
  a: NewPerson;
  b: NewPerson;
}

/** A line that holds nothing to store, on purpose. */
export interface Note {
  kind: 'note';
}

export interface Malformed {
  kind: 'malformed';
  fault: string;
}

const EDGE = /^[ \t]*([^\s,;]{1,64})[ \t]+([^\s,;]{1,64})[ \t]*$/;
const BLANK = /^\s*$|^\s*[#%]/;
const CONTROL = /[^\P{Cc}\t]|\ufffd/u;

/** Reads one line of a graph; empty lines and those that start with # or % are notes. */
export function parseEdge(text: string): Edge | Note | Malformed {
  if (BLANK.test(text)) return { kind: 'note' };
  const [, a = '', b = ''] = EDGE.exec(text) ?? [];
  if (a === '' || CONTROL.test(text)) return { kind: 'malformed', fault: 'not two names with white space between' };
  if (a === b) return { kind: 'malformed', fault: 'nobody follows themselves' };
  return { kind: 'edge', a: personOf(a), b: personOf(b) };
}

function personOf(name: string): NewPerson {
  if (/^\d{1,20}$/.test(name)) return { handle: handleOfNumber(name), name: `Person ${name}` };
  return { handle: handleOf(name), name };
}
