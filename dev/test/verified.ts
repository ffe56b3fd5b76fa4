import { settle } from '@chorus/kit/testing';
import { createChorus, VerifyEmailDocument } from '@chorus/sdk';
import { z } from 'zod';
import type { Stack } from '../src/stack.ts';

const mail = z.object({ letters: z.array(z.object({ to: z.string(), subject: z.string(), text: z.string() })) });

/** The latest letter to an address, from the mail page. */
export const letterTo = ({ urls }: Stack, email: string) =>
  settle(async () => {
    const response = await fetch(urls.mail ?? '', { headers: { accept: 'application/json' } });
    return mail.parse(await response.json()).letters.find(({ to }) => to === email);
  });

/**
 * Verifies the address of somebody who has just signed up, with the code that the mail page shows.
 * @returns the access token that says so
 */
export async function verified(stack: Stack, email: string, accessToken: string): Promise<string> {
  const code = (await letterTo(stack, email)).subject.slice(0, 6);
  const client = createChorus({ url: stack.urls.graphql, token: accessToken });
  const { verifyEmail } = await client.request(VerifyEmailDocument, { code });
  if (verifyEmail?.__typename !== 'EmailVerified') throw new Error(`not verified but ${verifyEmail?.__typename}`);
  return verifyEmail.accessToken;
}
