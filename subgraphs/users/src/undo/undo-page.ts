import type { Logger } from '@chorus/kit/logger';
import { Taken } from '../account/taken.ts';
import { linkRoute } from '../link-page.ts';
import { html } from '../page.ts';
import type { UndoService } from './undo.service.ts';

export const UNDO_PAGE = '/auth/undo-email';

/** Where the letter to a former address leads. */
export const undoRoute = (undos: Pick<UndoService, 'undo'>, logger: Logger) =>
  linkRoute({
    path: UNDO_PAGE,
    title: 'Give your account this address back',
    button: 'Yes, give it back and end all sessions',
    async press(token, { headers }) {
      const { 'x-forwarded-for': address, 'user-agent': device } = headers;
      const from = { address: typeof address === 'string' ? address : '', device: device?.slice(0, 200) ?? null };
      try {
        if ((await undos.undo(from, token)) === null) return null;
      } catch (error) {
        if (!(error instanceof Taken)) throw error;
        const body = html`<p>Another account has this address by now, and an address is of one account only.</p>`;
        return { title: 'This address is taken', body };
      }
      const body = html`<p>
        All sessions have ended. Whoever changed the address may know your password: have a code sent to you for a new
        one, and look which other ways there are to log in.
      </p>`;
      return { title: 'Your account has this address again', body };
    },
    advice: html`<p>
      It was used already, or is too old. Have a code sent to you for a new password, if you still can.
    </p>`,
    logger,
  });
