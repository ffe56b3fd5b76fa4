import { CircuitBreaker } from '@chorus/kit/circuit-breaker';
import type { Logger } from '@chorus/kit/logger';
import type { Config } from '../config.ts';
import { createGitHubProvider } from './github.provider.ts';
import { createMockProvider, type MockProvider } from './mock-provider.ts';
import { createOidcProvider } from './oidc.provider.ts';
import { createProviderCalls, type Provider, type Send } from './provider.ts';

/** Sign-ins are few, and each that fails has kept somebody waiting. */
export const PROVIDER_CIRCUIT = { windowMs: 60_000, minCalls: 5, openMs: 15_000 };

/** Those that are configured, and the mock where it is served here. */
export function createProviders(config: Config, logger: Logger): { providers: Provider[]; mock: MockProvider | null } {
  const publicUrl = config.TOKEN_ISSUER.replace(/\/$/, '');
  const redirectUri = (name: string) => `${publicUrl}/auth/oauth/${name}/callback`;
  const providers: Provider[] = [];
  const callsTo = (provider: string, send: Send = fetch) => {
    const said = (state: string) => logger.warn({ provider }, `sign-in by another provider: circuit ${state}`);
    const breaker = new CircuitBreaker(said, PROVIDER_CIRCUIT);
    return createProviderCalls({ timeoutMs: config.OAUTH_TIMEOUT, breaker, send });
  };

  const google = { clientId: config.OAUTH_GOOGLE_CLIENT_ID, clientSecret: config.OAUTH_GOOGLE_CLIENT_SECRET };
  if (isComplete(google)) {
    providers.push(
      createOidcProvider({
        name: 'google',
        title: 'Google',
        issuer: config.OAUTH_GOOGLE_ISSUER,
        ...google,
        redirectUri: redirectUri('google'),
        calls: callsTo('google'),
      }),
    );
  }

  const github = { clientId: config.OAUTH_GITHUB_CLIENT_ID, clientSecret: config.OAUTH_GITHUB_CLIENT_SECRET };
  if (isComplete(github)) {
    providers.push(
      createGitHubProvider({
        url: config.OAUTH_GITHUB_URL,
        apiUrl: config.OAUTH_GITHUB_API_URL,
        ...github,
        redirectUri: redirectUri('github'),
        calls: callsTo('github'),
      }),
    );
  }

  if (!config.OAUTH_MOCK) return { providers, mock: null };
  const mock = createMockProvider({ issuer: `${publicUrl}/auth/mock`, redirectUri: redirectUri('mock') });
  const { issuer, clientId, clientSecret } = mock;
  // In this process: from where a service runs its own public address may lead elsewhere, or nowhere.
  const calls = callsTo('mock', (url, init) => mock.answer(new Request(url, init)));
  const title = 'Mock (for development)';
  const client = { name: 'mock', title, issuer, clientId, clientSecret, redirectUri: redirectUri('mock'), calls };
  return { providers: [...providers, createOidcProvider(client)], mock };
}

interface Client {
  clientId: string | undefined;
  clientSecret: string | undefined;
}

const isComplete = (client: Client): client is { clientId: string; clientSecret: string } =>
  client.clientId !== undefined && client.clientSecret !== undefined;
