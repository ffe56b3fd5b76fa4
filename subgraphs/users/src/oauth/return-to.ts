import { badInput } from '@chorus/kit/errors';

const MAX_LENGTH = 2000;

/** Where a sign-in may lead back to: a path of our own, and what is listed. */
export interface ReturnTo {
  /**
   * The whole address of one of these.
   * @throws GraphQLError BAD_USER_INPUT for any other, which could be somebody's trap
   */
  read(value: string): URL;
}

/**
 * @param options.publicUrl our own
 * @param options.allowed others: origins (`https://app.example.org`), and schemes of native apps (`org.example.app:`)
 */
export function createReturnTo(options: { publicUrl: string; allowed: readonly string[] }): ReturnTo {
  const { origin } = new URL(options.publicUrl);
  return {
    read(value) {
      // The parser decides what is a path and what a host, as it will in the browser: `//host` and `/\host` are hosts.
      const url = value.length > MAX_LENGTH ? null : URL.parse(value, origin);
      // An address of a scheme that browsers do not know has no origin ("null").
      const isAllowed =
        url !== null &&
        url.username === '' &&
        url.password === '' &&
        (value.startsWith('/') ? url.origin === origin : isListed(url, options.allowed));
      if (!isAllowed) throw badInput('returnTo', 'Give a path, or an address that OAUTH_RETURN_TO allows.');
      return url;
    },
  };
}

const isListed = (url: URL, allowed: readonly string[]): boolean =>
  allowed.includes(url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : url.protocol);
