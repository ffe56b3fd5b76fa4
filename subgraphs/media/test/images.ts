import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

const RED = { r: 220, g: 20, b: 20 };
const GREY = { r: 120, g: 120, b: 120 };

/** Grey, with a red corner at the top left that is a quarter of each side. */
export function cornered(width: number, height: number): Sharp {
  const corner = {
    create: {
      width: Math.floor(width / 4),
      height: Math.floor(height / 4),
      channels: 3 as const,
      background: RED,
    },
  };
  return sharp({ create: { width, height, channels: 3, background: GREY } }).composite([
    { input: corner, left: 0, top: 0 },
  ]);
}

/** An ordinary small picture; no two are the same. */
export const picture = (width = 64, height = 48): Promise<Buffer> =>
  sharp({
    create: { width, height, channels: 3, background: GREY, noise: { type: 'gaussian', mean: 128, sigma: 30 } },
  })
    .jpeg()
    .toBuffer();

/** Which corner of a picture is red, as `top-left` and so on; null when none or more than one is. */
export async function redCorner(file: Buffer): Promise<string | null> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const isRed = (x: number, y: number) => {
    const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    return (data[at] ?? 0) > 170 && (data[at + 1] ?? 255) < 80;
  };
  const corners = { 'top-left': isRed(0.1, 0.1), 'top-right': isRed(0.9, 0.1) };
  const all = { ...corners, 'bottom-left': isRed(0.1, 0.9), 'bottom-right': isRed(0.9, 0.9) };
  const red = Object.entries(all).filter(([, is]) => is);
  return red.length === 1 ? (red[0]?.[0] ?? null) : null;
}

/** An upright picture as a camera would store it under this EXIF orientation: the inverse of what a viewer does. */
export function asStored(upright: Sharp, orientation: number): Sharp {
  const turned = orientation > 4 ? upright.rotate(orientation > 6 ? 90 : 270) : upright;
  return [2, 5, 7].includes(orientation)
    ? turned.flop()
    : orientation === 3
      ? turned.rotate(180)
      : orientation === 4
        ? turned.flip()
        : turned;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A valid grey PNG of this size, mere kilobytes however large: every row is zeroes. */
export function pngOfZeroes(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8); // bits; then colour type 0: grey
  const rows = deflateSync(Buffer.alloc((width + 1) * height));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}
