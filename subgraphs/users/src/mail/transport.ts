import { createTransport } from 'nodemailer';
import type { Letter } from './letter.ts';

const TIMEOUT_MS = 10_000;
const CONNECTIONS = 3;

/** The receiver's server will never take this letter. */
export class Refused extends Error {}

export interface Transport {
  /** @throws Refused when trying again is of no use */
  send(letter: Letter, signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Sends by SMTP.
 * @param options.url smtp://user:password@host:587 (TLS where the server offers it; `?requireTLS=true` insists), or smtps://
 * @param options.from as in a header: `Chorus <no-reply@example.org>`
 */
export function createSmtpTransport({ url, from }: { url: string; from: string }): Transport {
  const smtp = createTransport(
    {
      url,
      pool: true,
      maxConnections: CONNECTIONS,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // A letter is text of ours: nothing in it is read from a file or fetched.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    async send({ id, to, subject, text }, signal) {
      const sending = smtp.sendMail({
        messageId: `<${id}@${domain}>`,
        to: { name: '', address: to },
        subject,
        text,
        // Auto-responders keep quiet.
        headers: { 'auto-submitted': 'auto-generated' },
      });
      try {
        await Promise.race([sending, abortOf(signal)]);
      } catch (error) {
        if (isForGood(error)) throw new Refused('the mail server refused the letter', { cause: error });
        throw error;
      }
    },
    close: () => smtp.close(),
  };
}

const abortOf = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const abort = () => reject(new Error('sending was broken off', { cause: signal.reason }));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });

/** 5xx to the receiver or the letter; to the log-in it is a fault of ours, which somebody may mend. */
const isForGood = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') &&
  'responseCode' in error &&
  typeof error.responseCode === 'number' &&
  error.responseCode >= 500;
