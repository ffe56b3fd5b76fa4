import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import { z } from 'zod';
import type { Provider, ProviderCalls } from './provider.ts';

/** How long a provider's metadata are believed. */
const DISCOVERED_MS = 3_600_000;

const person = z.object({
  email: z.string().optional(),
  // Some say "true"; that is not what the standard says, and so not what they promise.
  email_verified: z.unknown().optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

/** A provider of OpenID Connect, by its issuer. */
export function createOidcProvider(options: {
  name: string;
  title: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  calls: ProviderCalls;
}): Provider {
  const { name, title, issuer, clientId, clientSecret, redirectUri, calls } = options;
  let discovered: { config: Promise<Configuration>; until: number } | null = null;

  const configuration = (): Promise<Configuration> => {
    if (discovered !== null && performance.now() < discovered.until) return discovered.config;
    const config = discovery(new URL(issuer), clientId, clientSecret, undefined, {
      [customFetch]: calls.fetch,
      execute: [
        // Its keys, too, and not only TLS, say that an id token is the issuer's.
        enableNonRepudiationChecks,
        // Where the configuration allows it: to a provider of a test, and to the mock.
        ...(new URL(issuer).protocol === 'http:' ? [allowInsecureRequests] : []),
      ],
    });
    const current = { config, until: performance.now() + DISCOVERED_MS };
    discovered = current;
    config.catch(() => {
      if (discovered === current) discovered = null;
    });
    return config;
  };

  return {
    name,
    title,
    authorizationUrl: ({ state, nonce, codeVerifier }) =>
      calls.within(async () =>
        buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri,
          scope: 'openid email profile',
          state,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        }),
      ),
    profile: (answer, { state, nonce, codeVerifier }) =>
      calls.within(async () => {
        const config = await configuration();
        const tokens = await authorizationCodeGrant(config, new URL(`${redirectUri}${answer}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('an id token is missing');
        const said = person.parse(
          claims['email'] === undefined ? await fetchUserInfo(config, tokens.access_token, claims.sub) : claims,
        );
        return {
          provider: name,
          subject: claims.sub,
          verifiedEmail: said.email_verified === true ? (said.email ?? null) : null,
          name: said.name ?? '',
          nickname: said.preferred_username ?? null,
        };
      }),
  };
}
