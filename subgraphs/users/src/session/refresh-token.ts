import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * A refresh token: the session's id; a secret that all tokens of the session share, by which one that is used up is known
 * from one that is made up; and a secret of its own.
 */
export interface RefreshToken {
  sessionId: string;
  family: Buffer;
  secret: Buffer;
}

const ID_BYTES = 16;
const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;
const LENGTH = ID_BYTES + FAMILY_BYTES + SECRET_BYTES;
const WRITTEN = /^chr_([\w-]{86})$/;

/** The first token of a session. */
export const newRefreshToken = (sessionId: string): RefreshToken => ({
  sessionId,
  family: randomBytes(FAMILY_BYTES),
  secret: randomBytes(SECRET_BYTES),
});

export const newSalt = (): string => randomBytes(32).toString('base64url');

/**
 * The token after this one. Whoever has a token cannot make the next without the salt; whoever has the salt cannot
 * without the token. So the same successor can be given twice, and is not stored.
 */
export const successorOf = (token: RefreshToken, salt: string): RefreshToken => ({
  ...token,
  secret: createHmac('sha256', salt).update(token.secret).digest(),
});

/** What is stored of a secret of 16 random bytes or more: a quick hash is enough, because nobody can guess it. */
export const hashOf = (secret: Buffer): string => createHash('sha256').update(secret).digest('base64url');

/** As clients get it; the beginning lets those who look for lost secrets know it. */
export const writeRefreshToken = ({ sessionId, family, secret }: RefreshToken): string =>
  `chr_${Buffer.concat([Buffer.from(sessionId.slice('ses_'.length), 'hex'), family, secret]).toString('base64url')}`;

/** Null for what cannot be one. */
export function readRefreshToken(written: string): RefreshToken | null {
  const bytes = Buffer.from(WRITTEN.exec(written)?.[1] ?? '', 'base64url');
  if (bytes.length !== LENGTH) return null;
  return {
    sessionId: `ses_${bytes.toString('hex', 0, ID_BYTES)}`,
    family: bytes.subarray(ID_BYTES, ID_BYTES + FAMILY_BYTES),
    secret: bytes.subarray(ID_BYTES + FAMILY_BYTES),
  };
}
