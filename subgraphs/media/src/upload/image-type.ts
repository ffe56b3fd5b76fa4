/** The image types that are taken, with the content type the original is kept under. */
const contentTypes = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
} as const;
export type ImageType = keyof typeof contentTypes;

export const contentTypeOf = (type: ImageType): string => contentTypes[type];

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

/** The type of an image by its first bytes, the only thing that does not lie; null for anything else. */
export function imageType(file: Buffer): ImageType | null {
  const text = (start: number, end: number) => file.toString('latin1', start, end);
  if (file.subarray(0, 3).equals(JPEG)) return 'jpeg';
  if (file.subarray(0, 8).equals(PNG)) return 'png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'gif';
  if (text(4, 8) === 'ftyp' && isAvif(file)) return 'avif';
  return null;
}

/** AVIF is one of many formats in this container: it is named as the major brand or among the compatible ones. */
function isAvif(file: Buffer): boolean {
  const end = Math.min(file.readUInt32BE(0), file.length, 256);
  for (let offset = 8; offset + 4 <= end; offset += 4) {
    if (offset !== 12 && file.toString('latin1', offset, offset + 4) === 'avif') return true;
  }
  return false;
}
