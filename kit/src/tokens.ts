import { SignJWT, jwtVerify, type JWTPayload } from 'jose';

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

/** The claims of a token that is genuine, of this `typ` and not expired; else null. The caller checks their shape. */
export async function verifyToken(key: string, typ: string, token: string): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(key), { algorithms: ['HS256'], typ });
    return payload;
  } catch {
    return null; // forged, expired and malformed are one answer: an attacker learns nothing from the difference
  }
}
