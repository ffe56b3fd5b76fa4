import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '@chorus/kit/config';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { mintServiceToken } from '../src/account/access-tokens.ts';
import { loadSigningKey } from '../src/account/signing-key.ts';
import { loadConfig, loadSigningConfig } from '../src/config.ts';
import { issuer, newSigningKey } from './fixture.ts';

const pem = newSigningKey();
const env = {
  PORT: '0',
  DATABASE_URL: 'postgresql://users@127.0.0.1/users',
  REDIS_URL: 'redis://127.0.0.1',
  VIEWER_KEY: 'v'.repeat(32),
  ATTACHMENT_KEY: 'a'.repeat(32),
  TOKEN_ISSUER: issuer,
};

test('one signing key is required, and not two', () => {
  expect(loadConfig({ ...env, SIGNING_KEY: pem })).toMatchObject({ TOKEN_ISSUER: issuer });
  expect(() => loadConfig(env)).toThrow(/SIGNING_KEY_FILE or SIGNING_KEY/);
  expect(() => loadConfig({ ...env, SIGNING_KEY: pem, SIGNING_KEY_FILE: '/key.pem' })).toThrow(ConfigError);
  expect(() => loadConfig({ SIGNING_KEY: pem })).toThrow(/DATABASE_URL is required\n.*REDIS_URL is required/);
});

test('production has a mail server, and so no page that shows letters to everybody', () => {
  const production = { ...env, SIGNING_KEY: pem, NODE_ENV: 'production' };
  expect(() => loadConfig(production)).toThrow(/SMTP_URL is required in production/);
  const config = loadConfig({ ...production, SMTP_URL: 'smtps://chorus:secret@mail.example.org' });
  expect(config.MAIL_FROM).toBe('Chorus <no-reply@localhost>');
  for (const [name, bad] of [
    ['SMTP_URL', 'https://mail.example.org'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'Chorus <no-reply@example.org>\nBcc: all@example.org'],
  ] as const) {
    expect(() => loadConfig({ ...env, SIGNING_KEY: pem, [name]: bad }), bad).toThrow(new RegExp(name));
  }
});

test('the same key has the same id from a file, from a variable and with its line ends written out', async () => {
  const file = path.join(tmpdir(), `${randomUUID()}.pem`);
  writeFileSync(file, pem);
  try {
    const keys = await Promise.all(
      [{ SIGNING_KEY_FILE: file }, { SIGNING_KEY: pem }, { SIGNING_KEY: pem.replaceAll('\n', '\\n') }].map((source) =>
        loadSigningKey({ TOKEN_ISSUER: issuer, ...source }),
      ),
    );
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
    expect(keys[0]?.publicJwk).not.toHaveProperty('d');
  } finally {
    rmSync(file);
  }
});

test.each([
  ['a missing file', { SIGNING_KEY_FILE: '/nowhere/key.pem' }, /SIGNING_KEY_FILE: .*ENOENT/],
  ['no key', { SIGNING_KEY: 'hunter2hunter2' }, /^(?!.*hunter2)[^]*SIGNING_KEY: not a readable/],
  ['a short key', { SIGNING_KEY: newSigningKey(1024) }, /1024 bits/],
  [
    'a key of another kind',
    {
      SIGNING_KEY: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
    /must be an RSA key/,
  ],
])('refuses %s, without showing it', async (_, source, message) => {
  await expect(loadSigningKey({ TOKEN_ISSUER: issuer, ...source })).rejects.toThrow(message);
});

test('service tokens name the service and carry neither session nor person', async () => {
  const config = { SIGNING_KEY: pem, TOKEN_ISSUER: issuer };
  const { publicJwk } = await loadSigningKey(config);
  const verify = (token: string) =>
    jwtVerify(token, createLocalJWKSet({ keys: [publicJwk] }), { issuer, audience: 'chorus', typ: 'at+jwt' });

  const { payload } = await verify(await mintServiceToken(config, 'importer', 60));
  expect(payload).toMatchObject({ sub: 'svc_importer', svc: 'importer', roles: [] });
  expect(payload).not.toHaveProperty('sid');
  expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
  await expect(mintServiceToken(config, 'Not A Name', 60)).rejects.toThrow(RangeError);
  await expect(mintServiceToken(config, 'importer', 0)).rejects.toThrow(RangeError);
  await expect(mintServiceToken(config, 'importer', Number.NaN)).rejects.toThrow(RangeError);

  const command = path.join(import.meta.dirname, '../src/commands/service-token.ts');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [command, 'importer'], { env: { ...config } });
  const printed = (await verify(stdout.trim())).payload;
  expect(Number(printed.exp) - Number(printed.iat)).toBe(24 * 3600);
  await expect(run(process.execPath, [command], { env: { ...config } })).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Usage'),
  });
  expect(() => loadSigningConfig({})).toThrow(ConfigError);
});
