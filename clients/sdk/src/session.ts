/** What keeps somebody signed in. */
export interface SessionTokens {
  /** Null: to be had by refreshing first, as after a page was loaded anew. */
  accessToken: string | null;
  /** Null: the browser has it in its cookie. */
  refreshToken: string | null;
}

/** The tokens of one session, refreshed when the server refuses an access token. */
export interface SessionKeeper {
  /** The access token to send; null when the session has ended. */
  token(): Promise<string | null>;
  /**
   * Makes sure that `token` answers another than the one that was refused. Refreshes once, however many ask at once.
   * @returns false when the session has ended
   */
  renew(refused: string | null): Promise<boolean>;
}

/**
 * @param options.refresh asks the server for the next tokens; null when there is no session any more
 * @param options.onSession hears of new tokens before they are used, and of the end (null)
 */
export function createSessionKeeper(options: {
  session: SessionTokens;
  refresh: (refreshToken: string | null) => Promise<SessionTokens | null>;
  onSession?: ((session: SessionTokens | null) => void | Promise<void>) | undefined;
}): SessionKeeper {
  let current: SessionTokens | null = options.session;
  let refreshing: Promise<void> | undefined;

  const refresh = async (refreshToken: string | null) => {
    const next = await options.refresh(refreshToken);
    await options.onSession?.(next);
    current = next;
  };

  const renew = async (refused: string | null): Promise<boolean> => {
    if (current !== null && current.accessToken === refused) {
      await (refreshing ??= refresh(current.refreshToken).finally(() => (refreshing = undefined)));
    }
    return current !== null;
  };

  return {
    async token() {
      if (current?.accessToken === null) await renew(null);
      return current?.accessToken ?? null;
    },
    renew,
  };
}
