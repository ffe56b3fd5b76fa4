import { newId } from '@chorus/kit/ids';
import { testKeys } from '@chorus/kit/testing';
import { signToken, verifyToken } from '@chorus/kit/tokens';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { ATTACHMENT, GRANT } from '@chorus/schema/claims';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture.ts';

let users: Fixture;
let ada: Viewer & { userId: string };
beforeAll(async () => {
  users = await startFixture();
  [ada] = (await users.people('ada')) as [typeof ada];
});
afterAll(() => users.stop());

const UPDATE = /* GraphQL */ `
  mutation ($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      user {
        name
        link
        pronouns
        banner {
          ref
          nodeId
        }
        avatar {
          nodeId
        }
      }
    }
  }
`;
interface Updated {
  updateProfile: {
    user: { link: string | null; pronouns: string | null; banner: { ref: string; nodeId: string } | null };
  };
}
const update = async (input: object) => (await users.ask<Updated>(ada, UPDATE, { input })).updateProfile.user;

test('link and pronouns: what is left out stays, null and nothing clear', async () => {
  const both = { link: 'https://ada.example/notes', pronouns: 'she/her' };
  expect(await update({ link: ' https://ADA.example/notes ', pronouns: ' she/her ' })).toMatchObject(both);
  expect(await update({ name: 'Ada' })).toMatchObject(both);
  expect(await users.ask(anonymous, '{ user(handle: "ada") { link pronouns } }')).toEqual({ user: both });
  expect(await update({ link: null, pronouns: ' ' })).toMatchObject({ link: null, pronouns: null });
  expect(await update({ link: 'http://müller.example', pronouns: '他' })).toMatchObject({
    link: 'http://xn--mller-kva.example/',
    pronouns: '他',
  });
});

test.each([
  ['link', 'ada.example'],
  ['link', 'javascript:alert(1)'],
  ['link', 'https://bank.example@evil.example/'],
  ['link', 'https://'],
  ['link', 'ftp://ada.example'],
  ['link', `https://ada.example/${'a'.repeat(200)}`],
  ['link', `https://ada.example/${'ü'.repeat(100)}`],
  ['link', 'https://ada.example/\nSet-Cookie: a'],
  ['pronouns', 'p'.repeat(41)],
  ['pronouns', 'two\nlines'],
  ['banner', 'nonsense'],
  ['isPrivate', null],
])('refuses as %s %j, and stores nothing', async (field, value) => {
  const before = await users.db.user.findUniqueOrThrow({ where: { id: ada.userId } });
  const input = { name: 'Not stored', [field]: value };
  expect(await users.refusal(ada, UPDATE, { input })).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: `input.${field}`,
  });
  expect(await users.db.user.findUniqueOrThrow({ where: { id: ada.userId } })).toEqual(before);
});

test('a banner is set by the token of an image of one’s own, and shown by a grant', async () => {
  const id = newId('med');
  const token = (owner: string) =>
    signToken(testKeys.attachment, ATTACHMENT.typ, { id, owner, kind: 'image', size: 1 }, 60);
  const stolen = { input: { banner: await token(newId('usr')) } };
  expect(await users.refusal(ada, UPDATE, stolen)).toMatchObject({ field: 'input.banner' });
  expect(await update({ banner: await token(ada.userId) })).toMatchObject({ banner: { nodeId: id }, avatar: null });
  const { user } = await users.ask<{ user: { banner: { ref: string } } }>(
    anonymous,
    '{ user(handle: "ada") { banner { ref } } }',
  );
  expect(await verifyToken(testKeys.attachment, GRANT.typ, user.banner.ref)).toMatchObject({ id, viewer: null });
  expect(await update({ banner: null })).toMatchObject({ banner: null });
});
