import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '@chorus/kit/config';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { SigningConfig } from '../config.ts';

const MIN_BITS = 2048;

/** The key that signs access tokens, and what the world may know of it. */
export interface SigningKey {
  privateKey: KeyObject;
  /** RFC 7638 thumbprint: the same key has the same id wherever it is loaded. */
  kid: string;
  publicJwk: JWK;
}

/** @throws ConfigError when the key cannot be read, is not RSA or is too short. */
export async function loadSigningKey(config: SigningConfig): Promise<SigningKey> {
  const privateKey = parse(config);
  const jwk = await exportJWK(createPublicKey(privateKey));
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, kid, publicJwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } };
}

function parse({ SIGNING_KEY, SIGNING_KEY_FILE }: SigningConfig): KeyObject {
  const name = SIGNING_KEY === undefined ? 'SIGNING_KEY_FILE' : 'SIGNING_KEY';
  let key: KeyObject;
  try {
    // A variable often holds its line ends written out.
    const pem = SIGNING_KEY?.replaceAll('\\n', '\n') ?? readFileSync(SIGNING_KEY_FILE ?? '', 'utf8');
    key = createPrivateKey(pem);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ConfigError([`${name}: not a readable private key in PEM${code}`]);
  }
  if (key.asymmetricKeyType !== 'rsa') throw new ConfigError([`${name}: must be an RSA key`]);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_BITS) throw new ConfigError([`${name}: has ${bits} bits, at least ${MIN_BITS} are needed`]);
  return key;
}
