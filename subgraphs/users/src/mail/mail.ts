import type { Logger } from '@chorus/kit/logger';
import type { SqlClient } from '@chorus/kit/sql';
import type { Config } from '../config.ts';
import { createMailPage, type MailRoute } from './mail-page.ts';
import { type Postman, startPostman } from './post.ts';
import { createSmtpTransport } from './transport.ts';

/**
 * Sends letters by SMTP. Without a mail server, which production requires, they go to a page.
 * @returns also the routes of that page
 */
export function startMail(options: {
  db: SqlClient;
  config: Pick<Config, 'SMTP_URL' | 'MAIL_FROM'>;
  logger: Logger;
}): Postman & { routes: MailRoute[] } {
  const { db, logger } = options;
  const { SMTP_URL: url, MAIL_FROM: from } = options.config;
  if (url !== undefined) {
    return { ...startPostman({ db, transport: createSmtpTransport({ url, from }), logger }), routes: [] };
  }
  const page = createMailPage();
  return { ...startPostman({ db, transport: page, logger }), routes: [page.route] };
}
