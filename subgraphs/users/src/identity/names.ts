import { randomInt } from 'node:crypto';
import { canonicalHandle, isReserved } from '../user/handle.ts';
import type { Profile } from '../oauth/provider.ts';

const MAX_NAME = 80;
/** Leaves room for what makes a handle unique. */
const MAX_STEM = 20;

/** A display name for somebody whom a provider names; '' when it says nothing that can be shown. */
export function displayNameOf({ name, nickname }: Pick<Profile, 'name' | 'nickname'>): string {
  const line = (text: string) =>
    Array.from(
      text
        .toWellFormed()
        .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
        .trim(),
    )
      .slice(0, MAX_NAME)
      .join('')
      .trim();
  return [name, nickname ?? ''].map(line).find((text) => /[\p{L}\p{N}]/u.test(text)) ?? '';
}

/**
 * Handles to be tried for somebody new, the nicest first: of what the provider calls them, and then with more and more
 * digits behind. Never of an e-mail address, which is nobody's business.
 */
export function handlesOf({ name, nickname }: Pick<Profile, 'name' | 'nickname'>): string[] {
  const stems = [nickname, name].flatMap((text) => (text === null || text.includes('@') ? [] : stemOf(text)));
  const free = stems.filter((stem) => !isReserved(stem));
  const stem = stems[0] ?? 'user';
  return [...free, ...[4, 6, 9].map((digits) => `${stem}_${randomInt(10 ** (digits - 1), 10 ** digits)}`)];
}

function stemOf(text: string): string[] {
  const stem = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^_/, '')
    .slice(0, MAX_STEM)
    .replace(/_$/, '');
  return canonicalHandle(stem) === null ? [] : [stem];
}
