import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { ConfigError } from '@chorus/kit/config';
import type { Logger } from '@chorus/kit/logger';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { SigningConfig } from '../config.ts';

const MIN_BITS = 2048;
/** How long before it signs a new key is published: routers read keys every 10 minutes, caches keep them for 5. */
const LEAD_MS = 20 * 60_000;
/** How long a key is published that signs no more: tokens of service accounts are made for a day. */
const KEPT_MS = 25 * 3_600_000;
const POLL_MS = 30_000;

/** A key that signs access tokens, and what the world may know of it. */
export interface SigningKey {
  privateKey: KeyObject;
  /** RFC 7638 thumbprint: the same key has the same id wherever it is loaded. */
  kid: string;
  publicJwk: JWK;
  /** When it begins to sign, until another does; milliseconds since 1970. */
  from: number;
  /** As in the file. */
  text: string;
}

/**
 * The keys of a PEM text, the one that signs for longest first. A line `Signs from: …` before a key says when it begins.
 * @throws ConfigError when a key cannot be read, is not RSA or is too short, or there is none
 */
export async function loadSigningKeys(config: SigningConfig): Promise<SigningKey[]> {
  const name = config.SIGNING_KEY === undefined ? 'SIGNING_KEY_FILE' : 'SIGNING_KEY';
  const keys = await Promise.all(Array.from(readKeys(name, config).matchAll(KEY), (match) => readKey(name, match)));
  if (keys.length === 0) throw new ConfigError([`${name}: not a readable private key in PEM`]);
  return keys.toSorted((a, b) => a.from - b.from);
}

/**
 * The key that signs now.
 * @throws ConfigError as `loadSigningKeys`
 */
export const loadSigningKey = async (config: SigningConfig): Promise<SigningKey> =>
  signsAt(await loadSigningKeys(config), Date.now());

/** Of keys in order: the last that has begun, or the first when none has. */
function signsAt(keys: readonly SigningKey[], time: number): SigningKey {
  const key = keys.findLast(({ from }) => from <= time) ?? keys[0];
  if (key === undefined) throw new RangeError('there is no key');
  return key;
}

/** The keys of a running service, which follow their file. */
export interface Keyring {
  /** The key that signs now. */
  signing(): SigningKey;
  /** What is published: keys that sign, will sign, or signed tokens that may live. */
  published(): readonly JWK[];
  stop(): void;
}

/**
 * Loads the keys, and again when their file changes; a file that does not hold changes nothing but the log.
 * @throws ConfigError as `loadSigningKeys`
 */
export async function openKeyring(
  config: SigningConfig,
  { logger, pollMs = POLL_MS }: { logger: Logger; pollMs?: number },
): Promise<Keyring> {
  const changedAt = () => (config.SIGNING_KEY_FILE === undefined ? 0 : statSync(config.SIGNING_KEY_FILE).mtimeMs);
  let keys = await loadSigningKeys(config);
  let seen = changedAt();

  const look = async () => {
    const changed = changedAt();
    if (changed === seen) return;
    keys = await loadSigningKeys(config);
    seen = changed;
    logger.info({ kids: keys.map(({ kid }) => kid) }, 'the keys of access tokens were read anew');
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((err: unknown) => logger.error({ err }, 'the keys of access tokens stay as they were'))
      .finally(() => (looking = false));
  }, pollMs);
  timer.unref();
  return {
    signing: () => signsAt(keys, Date.now()),
    published: () => keys.map(({ publicJwk }) => publicJwk),
    stop: () => clearInterval(timer),
  };
}

/**
 * The text of the keys after one more rotation: with a new key that signs in 20 minutes, and without those that have signed
 * nothing for 25 hours. While a new key waits for its time nothing changes, so that one can rotate as often as one likes.
 * @returns `next`: when the next key begins to sign
 */
export async function rotateKeys(keys: readonly SigningKey[], now: number): Promise<{ text: string; next: Date }> {
  const kept = keys.filter((_, index) => (keys[index + 1]?.from ?? Infinity) > now - KEPT_MS);
  const waiting = kept.find(({ from }) => from > now);
  const texts = kept.map(({ text }) => text);
  if (waiting !== undefined) return { text: texts.join(''), next: new Date(waiting.from) };
  const next = new Date(now + LEAD_MS);
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MIN_BITS });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { text: [...texts, `${FROM}${next.toISOString()}\n${pem}`].join(''), next };
}

const FROM = 'Signs from: ';
const KEY = /(?:^Signs from: (\S+)\s+)?(-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*-----END \3-----)/gm;

function readKeys(name: string, { SIGNING_KEY, SIGNING_KEY_FILE }: SigningConfig): string {
  // A variable often holds its line ends written out.
  if (SIGNING_KEY !== undefined) return SIGNING_KEY.replaceAll('\\n', '\n');
  try {
    return readFileSync(SIGNING_KEY_FILE ?? '', 'utf8');
  } catch (error) {
    throw new ConfigError([`${name}: not a readable private key in PEM${codeOf(error)}`]);
  }
}

async function readKey(name: string, [text, time, pem = '']: RegExpMatchArray): Promise<SigningKey> {
  const from = time === undefined ? 0 : Date.parse(time);
  if (Number.isNaN(from)) throw new ConfigError([`${name}: "${FROM}${time}" is not a time in ISO 8601`]);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch (error) {
    throw new ConfigError([`${name}: not a readable private key in PEM${codeOf(error)}`]);
  }
  if (privateKey.asymmetricKeyType !== 'rsa') throw new ConfigError([`${name}: must be an RSA key`]);
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_BITS) throw new ConfigError([`${name}: has ${bits} bits, at least ${MIN_BITS} are needed`]);
  const jwk = await exportJWK(createPublicKey(privateKey));
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, kid, publicJwk: { ...jwk, kid, alg: 'RS256', use: 'sig' }, from, text: `${text}\n` };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
