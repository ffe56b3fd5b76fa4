/** Keys of access tokens: published before they sign, and after, until no token of theirs lives. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createLogger } from '@chorus/kit/logger';
import { settle } from '@chorus/kit/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadSigningKey, loadSigningKeys, openKeyring, rotateKeys } from '../src/account/signing-key.ts';
import { issuer, newSigningKey } from './fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const logger = createLogger({ service: 'test', level: 'silent' });

let dir: string;
let config: { SIGNING_KEY_FILE: string; TOKEN_ISSUER: string };
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'chorus-keys-'));
  config = { SIGNING_KEY_FILE: path.join(dir, 'signing.pem'), TOKEN_ISSUER: issuer };
  writeFileSync(config.SIGNING_KEY_FILE, newSigningKey(), { mode: 0o640 });
});
afterEach(() => rmSync(dir, { recursive: true }));

const kids = async (text: string) =>
  (await loadSigningKeys({ TOKEN_ISSUER: issuer, SIGNING_KEY: text })).map(({ kid }) => kid);

test('a new key is published 20 minutes before it signs, an old one for 25 hours after', async () => {
  const now = Date.now();
  const first = await loadSigningKeys(config);
  const { text, next } = await rotateKeys(first, now);
  expect(next.getTime()).toBe(now + 20 * MINUTE);
  const both = await loadSigningKeys({ TOKEN_ISSUER: issuer, SIGNING_KEY: text });
  expect(both.map(({ kid, from }) => [kid === first[0]?.kid, from])).toEqual([
    [true, 0],
    [false, next.getTime()],
  ]);
  // Again while it waits: nothing. Later: one more, and the first goes when nothing that it signed can live.
  expect((await rotateKeys(both, now + 19 * MINUTE)).text).toBe(text);
  expect(await kids((await rotateKeys(both, now + 24 * HOUR)).text)).toHaveLength(3);
  const later = await kids((await rotateKeys(both, now + 26 * HOUR)).text);
  expect(later).toHaveLength(2);
  expect(later[0]).toBe(both[1]?.kid);
});

test('which key signs goes by the time, and a line end written out changes nothing', async () => {
  const [old, young, waiting] = [newSigningKey(), newSigningKey(), newSigningKey()];
  const at = (from: number, pem: string) => `Signs from: ${new Date(Date.now() + from).toISOString()}\n${pem}`;
  const text = at(HOUR, waiting) + old + at(-HOUR, young);
  const { kid } = await loadSigningKey({ TOKEN_ISSUER: issuer, SIGNING_KEY: young });
  for (const SIGNING_KEY of [text, text.replaceAll('\n', '\\n')]) {
    expect((await loadSigningKey({ TOKEN_ISSUER: issuer, SIGNING_KEY })).kid).toBe(kid);
  }
  const wrong = `Signs from: soon\n${old}`;
  await expect(loadSigningKeys({ TOKEN_ISSUER: issuer, SIGNING_KEY: wrong })).rejects.toThrow(/"Signs from: soon"/);
});

test('the command rotates the file, which a running service follows; a broken file changes nothing', async () => {
  const keyring = await openKeyring(config, { logger, pollMs: 10 });
  try {
    const { kid } = keyring.signing();
    expect(keyring.published()).toHaveLength(1);
    const command = path.join(import.meta.dirname, '../src/commands/rotate-keys.ts');
    const run = (env: Record<string, string>) => promisify(execFile)(process.execPath, [command], { env });
    const { stdout } = await run(config);
    expect(stdout).toMatch(/^The next key signs from \d{4}-.*Z\.\n$/);
    expect(statSync(config.SIGNING_KEY_FILE).mode & 0o777).toBe(0o640);
    await settle(() => keyring.published().length === 2);
    expect(keyring.signing().kid).toBe(kid);
    expect(JSON.stringify(keyring.published())).not.toContain('"d":');

    const rotated = readFileSync(config.SIGNING_KEY_FILE, 'utf8');
    writeFileSync(
      config.SIGNING_KEY_FILE,
      rotated.replace(/Signs from: .*/, `Signs from: ${new Date().toISOString()}`),
    );
    await settle(() => keyring.signing().kid !== kid);
    expect(keyring.published()).toHaveLength(2);
    const { kid: now } = keyring.signing();
    const told = vi.spyOn(logger, 'error');
    writeFileSync(config.SIGNING_KEY_FILE, 'no key');
    await settle(() => told.mock.calls.length > 0);
    expect([keyring.signing().kid, keyring.published().length]).toEqual([now, 2]);
    writeFileSync(config.SIGNING_KEY_FILE, newSigningKey());
    await settle(() => keyring.published().length === 1);

    const env = { SIGNING_KEY: newSigningKey(), TOKEN_ISSUER: issuer };
    await expect(run(env)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('SIGNING_KEY_FILE') });
  } finally {
    keyring.stop();
  }
});
