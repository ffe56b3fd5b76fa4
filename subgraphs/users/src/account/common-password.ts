import { readFileSync } from 'node:fs';

/** Words that people take most often, and some that are not words but ways over the keyboard. */
const common = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split(/\s+/)
    .filter(Boolean),
);
const rows = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm'];
const inRows = [...rows, ...rows.map((row) => Array.from(row).toReversed().join(''))];

const ENDS = /^[\p{N}\p{P}\p{S}\s]+|[\p{N}\p{P}\p{S}\s]+$/gu;
/** Below it, what has hardly a letter is a date, a telephone number or a row of keys. */
const MIN_WITHOUT_WORD = 16;
const letters: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' };

/**
 * Whether a password is among the first that somebody else would try: a common word or two, whatever digits and marks
 * stand around or for its letters; a way over the keyboard; a few characters over and over; or what the person is called.
 * @param names of the person
 */
export function isCommonPassword(password: string, names: readonly string[] = []): boolean {
  const text = password.toLowerCase();
  if (/^(.{1,4})\1+$/su.test(text) && text.length < 24) return true;
  if (isCommon(text)) return true;
  const core = text.replaceAll(ENDS, '');
  if (core.length < 3) return Array.from(text).length < MIN_WITHOUT_WORD;
  const word = Array.from(core)
    .map((char) => letters[char] ?? char)
    .join('')
    .replaceAll(/[\p{N}\p{P}\p{S}\s]/gu, '');
  if (isCommon(word) || inRows.some((row) => word.length >= 4 && row.includes(word))) return true;
  return names.map(plain).some((name) => name.length >= 3 && (word === name || plain(text) === name));
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** A word of the list, or two. */
function isCommon(text: string): boolean {
  if (common.has(text)) return true;
  for (let at = 1; at < text.length; at++) if (common.has(text.slice(0, at)) && common.has(text.slice(at))) return true;
  return false;
}
