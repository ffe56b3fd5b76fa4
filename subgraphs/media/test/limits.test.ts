import { viewerOf } from '@chorus/kit/testing';
import { LIMITS } from '@chorus/schema/limits';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, newKey, newUser, startHarness } from './harness.ts';
import { picture } from './images.ts';

let media: Harness;
beforeAll(async () => {
  media = await startHarness();
});
afterAll(() => media.stop());

test('uploads have their limit, by person', async () => {
  const { count } = LIMITS.media.uploadMedia.viewer;
  const [file, key, ada] = [await picture(8, 8), newKey(), viewerOf(newUser())];
  // Under one key, so that there is one to store: what is counted is the asking.
  const answers = await Promise.all(Array.from({ length: count + 5 }, () => media.send(ada, file, { key })));
  const codes = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []);
  expect(codes).toEqual(Array.from({ length: 5 }, () => 'RATE_LIMITED'));
  expect((await media.send(viewerOf(newUser()), file)).errors).toBeUndefined();
  expect((await media.send({ ...ada, service: 'importer' }, file)).errors).toBeUndefined();
});
