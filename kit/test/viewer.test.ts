import { afterEach, describe, expect, test, vi } from 'vitest';
import { settle, testKeys, viewerOf } from '../src/testing/index.ts';
import { createTokenSigner, signToken, verifyToken } from '../src/tokens.ts';
import { anonymous, createViewerTokens, requireService, requireUser, requireVerified } from '../src/viewer.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Time stands still but for `advance`, for tokens (Date) and for caches (performance) alike. */
function stopClock(): { advance(seconds: number): void } {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now());
  return { advance: (seconds) => void vi.setSystemTime(Date.now() + seconds * 1000) };
}

const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) });
const ada = viewerOf('usr_ada', { roles: ['MODERATOR'], device: 'phone' });

describe('a viewer token', () => {
  test('says who is asking, also nobody', async () => {
    const tokens = createViewerTokens(testKeys.viewer);
    for (const viewer of [ada, anonymous]) expect(await tokens.verify(await tokens.mint(viewer))).toEqual(viewer);
  });

  test('is refused when missing, malformed, forged, of another kind, or empty of claims', async () => {
    const tokens = createViewerTokens(testKeys.viewer);
    const genuine = await tokens.mint(ada);
    const [head, , signature] = genuine.split('.');
    const claims = Buffer.from(JSON.stringify({ ...viewerOf('usr_eve'), exp: 4e9 })).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none","typ":"viewer+jwt"}').toString('base64url');
    for (const token of [
      undefined,
      null,
      ['a'],
      '',
      'nonsense',
      `${head}.${claims}.${signature}`,
      `${unsigned}.${claims}.`,
      await createViewerTokens('another-key-another-key-another-key').mint(ada),
      await signToken(testKeys.viewer, 'grant+jwt', ada, 30),
      await signToken(testKeys.viewer, 'viewer+jwt', { userId: 'usr_ada' }, 30),
      await signToken(testKeys.viewer, 'viewer+jwt', ada, -1),
    ]) {
      await expect(tokens.verify(token)).rejects.toEqual(refused);
    }
  });

  test('ends after 30 s, although it was verified before', async () => {
    const clock = stopClock();
    const tokens = createViewerTokens(testKeys.viewer);
    const token = await tokens.mint(ada);
    await tokens.verify(token);
    clock.advance(29);
    expect(await tokens.verify(token)).toEqual(ada);
    clock.advance(2);
    const error: unknown = await settle(() =>
      tokens.verify(token).then(
        () => null,
        (reason: unknown) => reason,
      ),
    );
    expect(error).toEqual(refused);
  });
});

test('a signer hands a token out again for half its life', async () => {
  const clock = stopClock();
  const sign = createTokenSigner(testKeys.attachment, { typ: 'grant+jwt', lifetimeSeconds: 300 });
  const token = await sign({ id: 'a', viewer: null });
  clock.advance(149);
  expect(await sign({ id: 'a', viewer: null })).toBe(token);
  expect(await sign({ id: 'b', viewer: null })).not.toBe(token);
  clock.advance(2);
  const next = await settle(async () => {
    const signed = await sign({ id: 'a', viewer: null });
    return signed !== token && signed;
  });
  expect(await verifyToken(testKeys.attachment, 'grant+jwt', next)).toMatchObject({ id: 'a', viewer: null });
});

test('what needs somebody refuses nobody', () => {
  expect(requireUser(ada)).toBe('usr_ada');
  expect(() => requireUser(anonymous)).toThrow(refused);
  expect(requireService({ ...ada, service: 'import' })).toBe('import');
  expect(() => requireService(ada)).toThrow(
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) }),
  );
});

test('who has not verified an e-mail address is told so, in words and by a reason', () => {
  const unverified = { ...ada, emailVerified: false };
  expect(requireVerified(ada)).toBe('usr_ada');
  expect(requireVerified({ ...unverified, service: 'import' })).toBe('usr_ada');
  expect(() => requireVerified(unverified)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^Verify your e-mail address/),
      extensions: { code: 'FORBIDDEN', reason: 'EMAIL_NOT_VERIFIED' },
    }),
  );
  expect(() => requireVerified({ ...anonymous, emailVerified: true })).toThrow(refused);
  expect(() => requireVerified({ ...anonymous, service: 'import' })).toThrow(refused);
});
