import { viewerOf } from '@chorus/kit/testing';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio } from 'thumbhash';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, newUser, startHarness } from './harness.ts';
import { cornered, picture, pngOfZeroes, redCorner, asStored } from './images.ts';

let media: Harness;
beforeAll(async () => {
  media = await startHarness();
});
afterAll(() => media.stop());

const GPS = { IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1', GPSLongitudeRef: 'E' } };

describe('what is made of an image', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'turns EXIF orientation %i upright and strips all metadata',
    async (orientation) => {
      const upright = await cornered(160, 96).png().toBuffer();
      const turned = await asStored(sharp(upright), orientation).png().toBuffer();
      const file = await sharp(turned)
        .withExif({ IFD0: { Make: 'Camera', Orientation: String(orientation) }, ...GPS })
        .withMetadata({ orientation })
        .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
        .withIccProfile('p3')
        .jpeg()
        .toBuffer();
      const before = await sharp(file).metadata();
      expect(before).toMatchObject({ orientation, exif: expect.any(Buffer), xmp: expect.any(Buffer) });
      expect(before.icc).toBeInstanceOf(Buffer);
      expect(before.exif?.includes(Buffer.from('Camera'))).toBe(true);

      const answer = await media.process(file);
      expect(answer).toMatchObject({ state: 'READY', width: 160, height: 96 });
      expect(answer.variants).toHaveLength(1);
      const served = await media.fetchBytes(answer.url ?? '');
      const after = await sharp(served).metadata();
      expect(after).toMatchObject({ format: 'webp', width: 160, height: 96 });
      expect([after.exif, after.xmp, after.icc, after.iptc, after.orientation]).toEqual(Array(5).fill(undefined));
      expect(await redCorner(served)).toBe('top-left');
    },
  );

  it('makes each width once and never enlarges', async () => {
    const widths = async (width: number, height: number) => {
      const answer = await media.process(await picture(width, height));
      for (const variant of answer.variants) {
        const bytes = await media.fetchBytes(variant.url);
        expect(await sharp(bytes).metadata()).toMatchObject({ width: variant.width, height: variant.height });
        expect(bytes.length).toBe(variant.size);
      }
      return answer.variants.map((variant) => [variant.width, variant.height]);
    };
    expect(await widths(10, 7)).toEqual([[10, 7]]);
    expect(await widths(400, 300)).toEqual([[400, 300]]);
    expect(await widths(401, 300)).toEqual([
      [400, 299],
      [401, 300],
    ]);
    expect(await widths(3000, 1500)).toEqual([
      [400, 200],
      [1280, 640],
      [2048, 1024],
    ]);
    expect(await widths(1, 1)).toEqual([[1, 1]]);
  });

  it('fits what is taller than WebP can be', async () => {
    const answer = await media.process(pngOfZeroes(500, 40_000));
    expect(answer).toMatchObject({ state: 'READY', width: 500, height: 40_000 });
    expect(answer.variants.map((variant) => [variant.width, variant.height])).toEqual([[205, 16_383]]);
  });

  const image = () => cornered(120, 80);
  const animation = async () =>
    sharp([await image().png().toBuffer(), await image().negate().png().toBuffer()], { join: { animated: true } });
  const formats: Record<string, () => Promise<Buffer>> = {
    'a png with a palette': () => image().png({ palette: true }).toBuffer(),
    'a png with 16 bits': () => image().toColourspace('rgb16').png().toBuffer(),
    'a webp': () => image().webp({ lossless: true }).toBuffer(),
    'an avif': () => image().avif({ effort: 0 }).toBuffer(),
    'a gif': () => image().gif().toBuffer(),
    'a jpeg in CMYK': () => image().toColourspace('cmyk').jpeg().toBuffer(),
    'the first frame of an animated gif': async () => (await animation()).gif().toBuffer(),
    'the first frame of an animated webp': async () => (await animation()).webp().toBuffer(),
  };
  it.each(Object.entries(formats))('takes %s', async (_name, file) => {
    const answer = await media.process(await file());
    expect(answer).toMatchObject({ state: 'READY', width: 120, height: 80 });
    const served = await media.fetchBytes(answer.url ?? '');
    expect(await redCorner(served)).toBe('top-left');
    expect((await sharp(served).metadata()).pages ?? 1).toBe(1);
  });

  it('keeps transparency', async () => {
    const clear = sharp({ create: { width: 20, height: 20, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } } });
    const answer = await media.process(await clear.png().toBuffer());
    expect(await sharp(await media.fetchBytes(answer.url ?? '')).metadata()).toMatchObject({ hasAlpha: true });
  });

  it('converts colours to sRGB', async () => {
    const background = { r: 200, g: 100, b: 50 };
    const srgb = await sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer();
    // Converted to a wide gamut the same colour has other numbers; served, it has its own again.
    const wide = await sharp(srgb).withIccProfile('p3').png().toBuffer();
    const colour = async (file: Buffer) =>
      (await sharp(file).stats()).channels.map((channel) => Math.round(channel.mean));
    const raw = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
    expect(Math.abs((raw[0] ?? 0) - background.r)).toBeGreaterThan(5);
    const answer = await media.process(wide);
    const [r = 0, g = 0, b = 0] = await colour(await media.fetchBytes(answer.url ?? ''));
    expect([r - 200, g - 100, b - 50].every((difference) => Math.abs(difference) <= 3)).toBe(true);
  });

  it('gives a ThumbHash of the upright image', async () => {
    const turned = await sharp(await cornered(300, 100).png().toBuffer())
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const answer = await media.process(turned);
    expect(answer).toMatchObject({ width: 100, height: 300 });
    const ratio = thumbHashToApproximateAspectRatio(Buffer.from(answer.thumbHash ?? '', 'base64'));
    expect(ratio).toBeLessThan(0.6);
  });

  it('offers the smallest variant that is wide enough, else the largest', async () => {
    const owner = newUser();
    const { id } = await media.process(await picture(1500, 30), owner);
    const query = `query ($id: ID!) { media(id: $id) {
      tiny: url(width: -5) small: url(width: 400) middle: url(width: 401) usual: url none: url(width: null) huge: url(width: 99999)
    } }`;
    const { data } = await media.ask<{ media: unknown }>(viewerOf(owner), query, { id });
    const at = (width: number) => `/media/${id}/${width}.webp`;
    expect(data?.media).toEqual({
      tiny: at(400),
      small: at(400),
      middle: at(1280),
      usual: at(1280),
      none: at(1280),
      huge: at(1500),
    });
  });
});

describe('what cannot be made', () => {
  it('rejects an image that does not decode and leaves nothing in the store', async () => {
    const whole = await picture(300, 300);
    const answer = await media.process(whole.subarray(0, whole.length / 2));
    expect(answer).toMatchObject({ state: 'REJECTED', url: null, variants: [], width: null, thumbHash: null });
    const { db } = media;
    await expect.poll(() => db.media.findUnique({ where: { id: answer.id } })).toMatchObject({ stored: false });
    expect((await media.objects()).filter((key) => key.includes(answer.id))).toEqual([]);
    expect((await db.media.findUnique({ where: { id: answer.id } }))?.reason).toBeTruthy();
  });
});

describe('a worker that dies', () => {
  it('has its job taken over when the lease is over, and not before', async () => {
    const viewer = viewerOf(newUser());
    const [dead, alive] = [new Date(Date.now() - 1000), new Date(Date.now() + 3_600_000)];
    const held = { state: 'PROCESSING', attempts: 1 } as const;
    const leased = await media.insertUploaded(viewer, await picture(), { ...held, availableAt: alive });
    const orphaned = await media.insertUploaded(viewer, await picture(), { ...held, availableAt: dead });
    expect(await media.settled(viewer, orphaned)).toMatchObject({ state: 'READY' });
    const row = await media.db.media.findUnique({ where: { id: leased } });
    expect(row).toMatchObject({ state: 'PROCESSING', attempts: 1 });
  });

  it('again and again over the same image has it rejected', async () => {
    const viewer = viewerOf(newUser());
    const held = { state: 'PROCESSING', attempts: 5, availableAt: new Date(0) } as const;
    const poison = await media.insertUploaded(viewer, await picture(), held);
    expect(await media.settled(viewer, poison)).toMatchObject({ state: 'REJECTED' });
    await expect.poll(() => media.objects()).not.toContain(`originals/${poison}`);
  });

  it('leaves uploads for the next start', async () => {
    const viewer = viewerOf(newUser());
    await media.stopServer();
    const ids = await Promise.all([1, 2, 3].map(async () => media.insertUploaded(viewer, await picture())));
    await media.startServer();
    for (const id of ids) expect(await media.settled(viewer, id)).toMatchObject({ state: 'READY' });
  });
});
