import { SignJWT, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';

/**
 * Signs claims under a shared key: a JWT, HS256, told apart from others under the same key by `typ`.
 * @param lifetimeSeconds counted from now
 */
export function signToken(key: string, typ: string, claims: object, lifetimeSeconds: number): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ })
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(new TextEncoder().encode(key));
}

const REMEMBERED = 10_000;

/**
 * Signs as `signToken`, remembering: equal claims get the same token for half its life, so that one is never about to
 * expire when it is handed out.
 */
export function createTokenSigner(
  key: string,
  { typ, lifetimeSeconds }: { typ: string; lifetimeSeconds: number },
): (claims: object) => Promise<string> {
  const signed = new LRUCache<string, Promise<string>>({ max: REMEMBERED, ttl: (lifetimeSeconds / 2) * 1000 });
  return (claims) => {
    const name = JSON.stringify(claims);
    let token = signed.get(name);
    if (token === undefined) signed.set(name, (token = signToken(key, typ, claims, lifetimeSeconds)));
    return token;
  };
}

/** The claims of a token that is genuine, of this `typ` and not expired; else null. The caller checks their shape. */
export async function verifyToken(key: string, typ: string, token: string): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(key), { algorithms: ['HS256'], typ });
    return payload;
  } catch {
    return null; // forged, expired and malformed are one answer: an attacker learns nothing from the difference
  }
}
