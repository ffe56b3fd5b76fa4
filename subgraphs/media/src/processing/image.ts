import { createHash } from 'node:crypto';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { Variant } from '../media/media.model.ts';
import type { ImageType } from '../upload/image-type.ts';

const MAX_PIXELS = 50_000_000;
const WIDTHS = [400, 1280, 2048];
/** The longest side that WebP can have. */
const WEBP_SIDE = 16_383;
const QUALITY = 80;
/** The longest side a ThumbHash is computed from. */
const HASH_SIDE = 100;
/** For one step of one image. */
const LIMIT_SECONDS = 30;

/** Many a camera writes files that libvips warns of; only what spoils the picture counts. */
const input: SharpOptions = { limitInputPixels: MAX_PIXELS, failOn: 'error' };

/** The file is no picture that can be shown; trying again will not help. */
export class UndecodableError extends Error {}

/** Bounds what libvips takes: one thread for an image, nothing kept between images. Holds for the process. */
export function limitImaging(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}

/** Why an image is not taken, in a sentence for its sender, or null. Reads its header alone. */
export async function inspectImage(file: Buffer, type: ImageType): Promise<string | null> {
  const header = await sharp(file, input)
    .metadata()
    .catch((error: unknown) => (String(error).includes('pixel limit') ? 'large' : 'broken'));
  if (header === 'large') return 'An image has at most 50 megapixels.';
  if (typeof header === 'string') return 'The file is damaged: it cannot be read as an image.';
  const { width, height, format } = header;
  if (format !== (type === 'avif' ? 'heif' : type)) return 'The file is damaged: it cannot be read as an image.';
  return width * height > MAX_PIXELS ? 'An image has at most 50 megapixels.' : null;
}

export interface ProcessedImage {
  /** Of the upright original. */
  width: number;
  height: number;
  thumbHash: string;
  /** Smallest first. */
  variants: { variant: Variant; bytes: Buffer }[];
}

/**
 * Makes what is served of an original: upright, in sRGB, without any metadata, never enlarged. Of an animation, the
 * first frame.
 * @throws UndecodableError
 */
export async function processImage(file: Buffer): Promise<ProcessedImage> {
  const { autoOrient: upright } = await decoding(sharp(file, input).metadata());
  const sizes = variantSizes(upright.width, upright.height);
  const largest = sizes.at(-1) ?? upright;
  // The original is decoded once; what is smaller is made of the largest variant's pixels.
  const { data, info } = await decoding(
    sharp(file, input)
      .autoOrient()
      .resize({ ...largest, fit: 'fill' })
      .toColourspace('srgb')
      .raw()
      .timeout({ seconds: LIMIT_SECONDS })
      .toBuffer({ resolveWithObject: true }),
  );
  const pixels = (): Sharp =>
    sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } }).timeout({
      seconds: LIMIT_SECONDS,
    });

  const variants: ProcessedImage['variants'] = [];
  for (const size of sizes) {
    const bytes = await pixels()
      .resize({ ...size, fit: 'fill' })
      .webp({ quality: QUALITY })
      .toBuffer();
    variants.push({ variant: { ...size, size: bytes.length, etag: digest(bytes) }, bytes });
  }
  const small = await pixels()
    .resize({ width: HASH_SIDE, height: HASH_SIDE, fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const hash = rgbaToThumbHash(small.info.width, small.info.height, small.data);
  return { ...upright, thumbHash: Buffer.from(hash).toString('base64'), variants };
}

/** The sizes of an image's variants: each of our widths, or its own where that is smaller; distinct, smallest first. */
function variantSizes(width: number, height: number): { width: number; height: number }[] {
  const sizes = WIDTHS.map((wanted) => {
    const scale = Math.min(1, wanted / width, WEBP_SIDE / height);
    return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  });
  return sizes.filter((size, index) => size.width !== sizes[index - 1]?.width);
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** What libvips says against an image is final, unless it merely ran out of time. */
async function decoding<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (String(cause).includes('timeout')) throw cause;
    throw new UndecodableError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
