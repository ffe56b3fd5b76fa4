import type { Program } from './processes.ts';

const LIMIT_MS = 60_000;

/**
 * Waits until a started program answers a request, and ends it when it does not.
 * @param what is started, for people
 */
export async function untilItAnswers(
  program: Program,
  request: { port: number; body: string; headers: Readonly<Record<string, string>> },
  what: string,
): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${request.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...request.headers },
      body: request.body,
    }).catch(() => null);
    if (answer?.status === 200) return;
    if (program.child.exitCode !== null || performance.now() > deadline) {
      await program.stop();
      throw new Error(`${what} does not run: ${program.printed()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
