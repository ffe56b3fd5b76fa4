import type { Exchange } from '@chorus/kit/server';
import type { SessionModel } from './session.model.ts';

/** The router passes it on to this service alone (FORWARD_COOKIES). */
const NAME = 'chorus_refresh';
const WRITTEN = new RegExp(`(?:^|; *)${NAME}=([^;]*)`);

/** The cookie in which a browser keeps its refresh token: no script reads it, and no other site's page sends it. */
export interface RefreshCookie {
  read(exchange: Exchange): string | null;
  /** The session as it is answered once its refresh token has gone into the cookie. */
  keep(exchange: Exchange, session: SessionModel): SessionModel;
  clear(exchange: Exchange): void;
}

/** @param publicUrl of the API: the cookie goes to its GraphQL endpoint, by TLS where that has it */
export function createRefreshCookie(publicUrl: string): RefreshCookie {
  const { protocol, pathname } = new URL(publicUrl);
  const path = `${pathname.replace(/\/$/, '')}/graphql`;
  const attributes = `Path=${path}; HttpOnly; SameSite=Strict${protocol === 'https:' ? '; Secure' : ''}`;
  return {
    read: ({ requestHeaders }) => WRITTEN.exec(requestHeaders.cookie ?? '')?.[1] || null,
    keep(exchange, { refreshToken, ...session }) {
      const seconds = Math.max(0, Math.floor((session.refreshExpiresAt.getTime() - Date.now()) / 1000));
      exchange.setHeader('set-cookie', `${NAME}=${refreshToken ?? ''}; Max-Age=${seconds}; ${attributes}`);
      return { ...session, refreshToken: null };
    },
    clear: (exchange) => exchange.setHeader('set-cookie', `${NAME}=; Max-Age=0; ${attributes}`),
  };
}
