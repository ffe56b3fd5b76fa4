import { createHash } from 'node:crypto';

const HANDLE = /^[a-z0-9_.]{3,30}$/;

/** Names of the house, as the users subgraph reserves them: a service account could give them away. */
const RESERVED = new Set(
  'admin administrator anonymous api auth bot chorus everyone help here login logout me media mod moderator null official owner root security settings signup staff status support system team undefined'.split(
    ' ',
  ),
);

/**
 * What a character of a handle may stand for: the place in its string is the digit that says so. A letter is itself or
 * its capital, `_` is itself or one of the other characters of IRC nicks, everything else only itself.
 */
const meanings = (char: string): string => {
  if (char === '_') return '_-|^[]{}`\\';
  return /[a-z]/.test(char) ? char + char.toUpperCase() : char;
};

/**
 * The handle of the person known as `name` elsewhere; no two names have the same. A name that is a free handle, without
 * a dot, stays. Any other is written with the characters of handles, then a dot, then which characters they stand for
 * (`Agrajag` is `agrajag.b`), or, where that cannot be said in 30 characters, the hash of the name (`zoë` is
 * `zo_._fvbg2c0u0f9d`).
 */
export function handleOf(name: string): string {
  if (HANDLE.test(name) && !name.includes('.') && !RESERVED.has(name)) return name;
  // The letter a is the digit 0, so a tail is never a number (see handleOfNumber), and never starts with _.
  const tail = letters(digitsOf(name));
  const stem = name.toLowerCase().replaceAll(/[^a-z0-9_.]/g, '_');
  const handle = `${stem}.${tail}`;
  if (tail !== '' && HANDLE.test(handle)) return handle;
  const hash = BigInt(`0x${createHash('sha256').update(name).digest('hex')}`).toString(36);
  return `${stem.slice(0, 16)}._${hash.slice(-12)}`;
}

/** The handle of a person of whom only a number is known. Never one that `handleOf` gives. */
export const handleOfNumber = (digits: string): string => `person.${digits}`;

/** One number that says what every character stands for; null when one is not an ASCII letter, digit or nick character. */
function digitsOf(name: string): bigint | null {
  let number = 0n;
  for (const char of Array.from(name).toReversed()) {
    const among = meanings(/[\w.]/.test(char) ? char.toLowerCase() : '_');
    const digit = among.indexOf(char);
    if (digit === -1) return null;
    number = number * BigInt(among.length) + BigInt(digit);
  }
  return number;
}

/** In base 26; empty for null. */
function letters(number: bigint | null): string {
  if (number === null) return '';
  let text = '';
  do {
    text = String.fromCharCode(97 + Number(number % 26n)) + text;
    number /= 26n;
  } while (number > 0n);
  return text;
}
