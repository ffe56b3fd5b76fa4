/** Letters: they wait in Postgres, go to a real SMTP server, and leave nothing behind. */
import { settle } from '@chorus/kit/testing';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMailPage } from '../src/mail/mail-page.ts';
import { MAX_ATTEMPTS, writeLetter } from '../src/mail/post.ts';
import { type Fixture, password, startFixture, stranger } from './fixture.ts';

interface Received {
  from: string;
  to: string[];
  text: string;
}
type Refusal = 'none' | 'for now' | 'for good' | 'silence';

/** A mail server that does as it is told. */
async function startMailServer(port = 0) {
  const received: Received[] = [];
  const state: { refusal: Refusal; asked: number } = { refusal: 'none', asked: 0 };
  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_, __, callback) {
      state.asked++;
      if (state.refusal === 'silence') return;
      if (state.refusal === 'none') return callback();
      const refused = Object.assign(new Error('no'), { responseCode: state.refusal === 'for now' ? 450 : 550 });
      callback(refused);
    },
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ from, to, text: Buffer.concat(chunks).toString('utf8') });
        callback();
      });
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.server.address();
  return {
    received,
    state,
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

let mail: Awaited<ReturnType<typeof startMailServer>>;
let users: Fixture;
beforeAll(async () => {
  mail = await startMailServer();
  users = await startFixture({ logLevel: 'silent', smtpUrl: `smtp://127.0.0.1:${mail.port}` });
});
afterAll(async () => {
  await users.stop();
  await mail.stop();
});
beforeEach(() => {
  mail.received.length = 0;
  mail.state.refusal = 'none';
  mail.state.asked = 0;
});

let people = 0;
async function signUp(handle = `writer_${++people}`) {
  const query = 'mutation ($input: SignUpInput!) { signUp(input: $input) { ... on Session { user { id } } } }';
  const input = { handle, name: 'Writer', email: `${handle}@example.org`, password };
  const { signUp: session } = await users.ask<{ signUp: { user: { id: string } } }>(stranger(), query, { input });
  return { userId: session.user.id, email: input.email };
}
const waiting = (to: string) => users.db.letter.findMany({ where: { recipient: to } });
/** As if its pause were over. */
const due = (to: string) =>
  users.db.letter.updateMany({ where: { recipient: to }, data: { dueAt: new Date(Date.now() - 1000) } });
const receivedBy = (address: string) =>
  settle(() => mail.received.find(({ to }) => to.includes(address)) ?? null, { what: `a letter to ${address}` });

test('a letter arrives, from us and as text, and nothing of it stays in the table', async () => {
  const { email } = await signUp();
  const { from, text } = await receivedBy(email);
  expect(from).toBe('no-reply@chorus.test');
  expect(text).toMatch(/^From: Chorus <no-reply@chorus.test>/m);
  expect(text).toMatch(/^Subject: \d{6} is your code for Chorus/m);
  expect(text).toMatch(/^Message-ID: <ltr_[0-9a-f]{32}@chorus.test>/m);
  expect(text).toMatch(/^Content-Type: text\/plain/m);
  await settle(async () => (await waiting(email)).length === 0);
});

test('while the mail server is down people sign up all the same, and get their letter when it is back', async () => {
  await mail.stop();
  const { email } = await signUp();
  await settle(async () => (await waiting(email))[0]?.attempts === 1);
  const [letter] = await waiting(email);
  // Longer than sending may take: so long nobody else tries it.
  expect(Number(letter?.dueAt) - Date.now()).toBeGreaterThan(20_000);
  mail = await startMailServer(mail.port);
  await due(email);
  expect((await receivedBy(email)).text).toContain(letter?.id);
  await settle(async () => (await waiting(email)).length === 0);
  expect(mail.received).toHaveLength(1);
});

describe('a letter that is refused', () => {
  test('for now is tried again, after pauses that grow', async () => {
    mail.state.refusal = 'for now';
    const { email } = await signUp();
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      const letter = await settle(async () => {
        const [row] = await waiting(email);
        return row?.attempts === attempt && row;
      });
      pauses.push(Math.round((letter.dueAt.getTime() - Date.now()) / 10_000));
      await due(email);
    }
    expect(pauses).toEqual([3, 6, 12]);
    mail.state.refusal = 'none';
    await due(email);
    await receivedBy(email);
  });

  test('for good is given up', async () => {
    mail.state.refusal = 'for good';
    const { email } = await signUp();
    await settle(async () => (await waiting(email)).length === 0);
    expect(mail.state.asked).toBe(1);
    expect(mail.received).toEqual([]);
  });

  test('twenty times, or until it is of no use, is given up', async () => {
    mail.state.refusal = 'for now';
    const [old, often] = [await signUp(), await signUp()];
    await settle(async () => (await waiting(often.email))[0]?.attempts === 1);
    await settle(async () => (await waiting(old.email))[0]?.attempts === 1);
    const dueAt = new Date(0);
    await users.db.letter.updateMany({
      where: { recipient: often.email },
      data: { dueAt, attempts: MAX_ATTEMPTS },
    });
    await users.db.letter.updateMany({ where: { recipient: old.email }, data: { dueAt, expiresAt: new Date(0) } });
    for (const { email } of [old, often]) await settle(async () => (await waiting(email)).length === 0);
    expect(mail.received).toEqual([]);
  });
});

test('a mail server that says nothing holds up no other letter for longer than sending may take, and no end', async () => {
  mail.state.refusal = 'silence';
  const { email } = await signUp();
  await settle(() => mail.state.asked === 1);
  expect((await waiting(email))[0]?.attempts).toBe(1);
  const started = performance.now();
  const other = await startFixture({ logLevel: 'silent', smtpUrl: `smtp://127.0.0.1:${mail.port}` });
  await writeLetter(other.db, {
    userId: (await other.people('silenced'))[0]?.userId ?? '',
    to: 'silenced@example.org',
    kind: 'PASSWORD_CHANGED',
    facts: { handle: 'silenced' },
  });
  await settle(() => mail.state.asked === 2);
  await other.stop();
  expect(performance.now() - started).toBeLessThan(15_000);
  await users.db.letter.deleteMany({});
});

test('of letters with codes only the last waits; a change that fails writes none', async () => {
  const { userId, email } = await signUp();
  await receivedBy(email);
  const write = (code: string) =>
    users.db.$transaction(async (tx) => {
      // Not due yet: the postman leaves it.
      await writeLetter(tx, { userId, to: email, kind: 'RESET_PASSWORD', facts: { handle: 'h', code } });
      await tx.letter.updateMany({ where: { userId }, data: { dueAt: new Date(Date.now() + 3_600_000) } });
    });
  await write('111111');
  await write('222222');
  const [only, ...more] = await waiting(email);
  expect(more).toEqual([]);
  expect(only?.facts).toMatchObject({ code: '222222' });
  const failed = users.db.$transaction(async (tx) => {
    await writeLetter(tx, { userId, to: email, kind: 'PASSWORD_CHANGED', facts: { handle: 'h' } });
    throw new Error('the change failed');
  });
  await expect(failed).rejects.toThrow('the change failed');
  expect(await waiting(email)).toHaveLength(1);
});

describe('the mail page', () => {
  let plain: Fixture;
  beforeAll(async () => {
    plain = await startFixture();
  });
  afterAll(() => plain.stop());
  const page = (url = plain.url, init: RequestInit = {}) => fetch(new URL('/auth/mail', url), init);

  test('shows letters where there is no mail server, and is not there where there is one', async () => {
    const query = 'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }';
    const input = { handle: 'shown', name: 'Shown', email: "o'shown&co@example.org", password };
    await plain.ask(stranger(), query, { input });
    const [letter] = await settle(
      async () => (await plain.letters(input.email)).length > 0 && plain.letters(input.email),
    );
    const response = await page();
    const text = await response.text();
    expect(text).toContain(letter?.subject);
    expect(text).toMatch(/<a href="http:\/\/chorus\.test\/auth\/verify\?token=[\w-]+">/);
    expect(text).toContain('o&#39;shown&#38;co@example.org');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-.*frame-ancestors 'none'/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await page(plain.url, { method: 'POST' })).status).toBe(405);
    expect((await page(users.url)).status).toBe(404);
  });

  test('escapes what it shows, and keeps a hundred letters', async () => {
    const mailPage = createMailPage();
    for (let count = 0; count < 101; count++) {
      const letter = { id: `ltr_${count}`, to: 'a@example.org', subject: `<script>${count}</script>`, text: '<b>&' };
      await mailPage.send(letter, new AbortController().signal);
    }
    const answer = { text: '', setHeader() {}, writeHead: () => answer, end: (text: string) => (answer.text = text) };
    mailPage.route({ method: 'GET', headers: {} } as never, answer as never, new URL('http://chorus.test/auth/mail'));
    expect(answer.text).not.toMatch(/<script>|<b>/);
    expect(answer.text.split('<article>')).toHaveLength(101);
    expect(answer.text).not.toContain('&#62;0&#60;');
    expect(answer.text.indexOf('&#62;100&#60;')).toBeLessThan(answer.text.indexOf('&#62;99&#60;'));
  });
});
