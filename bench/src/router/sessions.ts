import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Clients that are signed in, and what it takes to believe them. */
export interface Sessions {
  issuer: string;
  /** The JSON Web Key Set of the issuer. */
  keys: unknown;
  /** Values of the Authorization header. */
  identities: readonly string[];
  /** Signs what the router tells subgraphs about the viewer. */
  viewerKey: string;
}

/** Access tokens of so many sessions, for an hour. */
export async function createSessions(count: number): Promise<Sessions> {
  const issuer = 'http://accounts.test';
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = 'bench';
  const token = (session: number) =>
    new SignJWT({ sid: `ses_${session}`, roles: [], email_verified: true })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
      .setSubject(`usr_${session}`)
      .setIssuer(issuer)
      .setAudience('chorus')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
  const tokens = await Promise.all(Array.from({ length: count }, (_, session) => token(session)));
  return {
    issuer,
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] },
    identities: tokens.map((text) => `Bearer ${text}`),
    viewerKey: randomBytes(32).toString('hex'),
  };
}
