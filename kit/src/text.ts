import { badInput } from './errors.ts';

/**
 * A text that a client wrote, without its outer white space.
 * @param limits of its length, in Unicode code points
 * @throws GraphQLError BAD_USER_INPUT for a wrong length, and for what Postgres or UTF-8 cannot hold
 */
export function readText(field: string, value: string, limits: { min: number; max: number }): string {
  const text = value.trim();
  if (text.includes('\0') || !text.isWellFormed()) {
    throw badInput(field, 'This text has characters that cannot be stored: NUL, or half of a surrogate pair.');
  }
  const { min, max } = limits;
  // A code point has one or two units, so the exact count is needed only in between.
  const length = text.length <= max || text.length > 2 * max ? text.length : Array.from(text).length;
  if (length < min) throw badInput(field, min === 1 ? 'Write something.' : `Write at least ${min} characters.`);
  if (length > max) throw badInput(field, `Write at most ${max} characters.`);
  return text;
}
