/** Keys for tests; each has the length that configuration asks for. */
export const testKeys = {
  viewer: 'viewer-key-of-the-tests-0123456789abcdef',
  attachment: 'attachment-key-of-the-tests-0123456789ab',
};
