import type { Logger } from '@chorus/kit/logger';
import { linkRoute } from '../link-page.ts';
import { html } from '../page.ts';
import type { VerificationService } from './verification.service.ts';

export const VERIFY_PAGE = '/auth/verify';

/** Where the letter to a new address leads. */
export const verifyRoute = (verifications: Pick<VerificationService, 'verifyByLink'>, logger: Logger) =>
  linkRoute({
    path: VERIFY_PAGE,
    title: 'Verify your e-mail address',
    button: 'Yes, this is my address',
    press: async (token) =>
      (await verifications.verifyByLink(token))
        ? { title: 'Your address is verified', body: html`<p>You can close this page and go on.</p>` }
        : null,
    advice: html`<p>It was used already, or is too old. Where you signed up you can have another sent to you.</p>`,
    logger,
  });
