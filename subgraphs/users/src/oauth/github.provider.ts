import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  Configuration,
  customFetch,
  fetchProtectedResource,
} from 'openid-client';
import { z } from 'zod';
import type { Provider, ProviderCalls } from './provider.ts';

const account = z.object({ id: z.number().int().positive(), login: z.string(), name: z.string().nullish() });
const addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub speaks OAuth 2 without OpenID Connect: no discovery and no id token, so that it is asked who somebody is. */
export function createGitHubProvider(options: {
  url: string;
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  calls: ProviderCalls;
}): Provider {
  const { clientId, clientSecret, redirectUri, calls } = options;
  const url = options.url.replace(/\/$/, '');
  const apiUrl = options.apiUrl.replace(/\/$/, '');
  const config = new Configuration(
    {
      issuer: url,
      authorization_endpoint: `${url}/login/oauth/authorize`,
      token_endpoint: `${url}/login/oauth/access_token`,
    },
    clientId,
    clientSecret,
  );
  config[customFetch] = calls.fetch;
  if (url.startsWith('http:')) allowInsecureRequests(config);

  const read = async <Schema extends z.ZodType>(token: string, path: string, schema: Schema) => {
    const headers = new Headers({ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' });
    const response = await fetchProtectedResource(config, token, new URL(apiUrl + path), 'GET', undefined, headers);
    if (!response.ok) throw new Error(`GitHub answered ${response.status}`, { cause: response });
    return schema.parse(await response.json());
  };

  return {
    name: 'github',
    title: 'GitHub',
    authorizationUrl: ({ state, codeVerifier }) =>
      calls.within(async () =>
        buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: 'read:user user:email',
          state,
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        }),
      ),
    profile: (answer, { state, codeVerifier }) =>
      calls.within(async () => {
        const { access_token: token } = await authorizationCodeGrant(config, new URL(`${redirectUri}${answer}`), {
          expectedState: state,
          pkceCodeVerifier: codeVerifier,
        });
        const [{ id, login, name }, emails] = await Promise.all([
          read(token, '/user', account),
          read(token, '/user/emails?per_page=100', addresses),
        ]);
        return {
          provider: 'github',
          subject: String(id),
          // Not the one in the profile: nobody verified that.
          verifiedEmail: emails.find(({ primary, verified }) => primary && verified)?.email ?? null,
          name: name ?? '',
          nickname: login,
        };
      }),
  };
}
