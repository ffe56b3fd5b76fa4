import { en, Faker } from '@faker-js/faker';
import sharp from 'sharp';

const WIDTH = 1200;
const HEIGHT = 800;
const AVATAR = 400;

type Paint = (random: Random) => string;

/**
 * Draws picture number `index`: hills, a sea, a night sky or a pattern. The same number is the same picture.
 * @returns a JPEG, 1200 x 800
 */
export async function drawPicture(index: number): Promise<Buffer> {
  const random = randomOf(10_000 + index);
  const paint = [hills, sea, night, tiles, waves, hills][index % 6] ?? hills;
  return jpeg(WIDTH, HEIGHT, paint(random));
}

/**
 * Draws a sign for a person: a mirrored grid of squares in a colour of its own.
 * @returns a JPEG, 400 x 400
 */
export async function drawAvatar(index: number): Promise<Buffer> {
  const random = randomOf(20_000 + index);
  const hue = random(0, 360);
  const cell = AVATAR / 7;
  let squares = '';
  for (let row = 1; row < 6; row += 1) {
    for (let column = 1; column < 4; column += 1) {
      if (random(0, 1) < 0.45) continue;
      for (const x of new Set([column, 6 - column])) squares += rect(x * cell, row * cell, cell + 0.5, cell + 0.5);
    }
  }
  const ground = `<rect width="${AVATAR}" height="${AVATAR}" fill="${hsl(hue, 45, 90)}"/>`;
  return jpeg(
    AVATAR,
    AVATAR,
    `${ground}<g shape-rendering="crispEdges" fill="${hsl(hue + random(-20, 20), 60, 42)}">${squares}</g>`,
  );
}

/** A number between the two. */
type Random = (from: number, to: number) => number;

function randomOf(seed: number): Random {
  const faker = new Faker({ locale: [en], seed });
  return (from, to) => faker.number.float({ min: from, max: to });
}

const jpeg = (width: number, height: number, content: string): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`))
    .jpeg({ quality: 82 })
    .toBuffer();

const hsl = (hue: number, saturation: number, lightness: number): string =>
  `hsl(${(((hue % 360) + 360) % 360).toFixed(0)}, ${saturation.toFixed(0)}%, ${lightness.toFixed(0)}%)`;

const rect = (x: number, y: number, width: number, height: number): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"/>`;

const circle = (x: number, y: number, radius: number, fill: string, opacity = 1): string =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="${fill}" opacity="${opacity.toFixed(2)}"/>`;

/** A ground that goes from one colour above to another below. */
const sky = (above: string, below: string): string =>
  `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${above}"/>` +
  `<stop offset="1" stop-color="${below}"/></linearGradient></defs><rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sky)"/>`;

/** Everything below a line of two overlaid waves. */
function ridge(random: Random, base: number, height: number, fill: string): string {
  const [slow, fast] = [random(1, 3), random(4, 9)];
  const [phase, other] = [random(0, 6), random(0, 6)];
  let line = `M0 ${HEIGHT}`;
  for (let x = 0; x <= WIDTH; x += 12) {
    const turn = (x / WIDTH) * Math.PI;
    const y = base - height * (0.7 * Math.sin(slow * turn + phase) + 0.3 * Math.sin(fast * turn + other));
    line += ` L${x} ${y.toFixed(1)}`;
  }
  return `<path d="${line} L${WIDTH} ${HEIGHT} Z" fill="${fill}"/>`;
}

const hills: Paint = (random) => {
  const hue = random(0, 360);
  let content = sky(hsl(hue, 55, 62), hsl(hue + 40, 75, 88));
  content += circle(random(150, WIDTH - 150), random(120, 300), random(40, 75), hsl(hue + 50, 90, 92), 0.9);
  for (let layer = 0; layer < 5; layer += 1) {
    content += ridge(
      random,
      400 + layer * 85,
      90 - layer * 12,
      hsl(hue + 150 + layer * 8, 30 + layer * 5, 60 - layer * 11),
    );
  }
  return content;
};

const sea: Paint = (random) => {
  const hue = random(170, 230);
  const horizon = random(340, 460);
  const sun = random(200, WIDTH - 200);
  let content = sky(hsl(hue - 10, 60, 70), hsl(random(15, 45), 80, 85));
  content += circle(sun, horizon - random(10, 140), random(45, 80), hsl(45, 95, 88));
  content += `<rect y="${horizon.toFixed(1)}" width="${WIDTH}" height="${HEIGHT}" fill="${hsl(hue, 50, 40)}"/>`;
  for (let wave = 0; wave < 60; wave += 1) {
    const depth = random(0, 1) ** 1.5;
    const width = 30 + depth * 220;
    const x = sun + random(-1, 1) * (120 + depth * 700) - width / 2;
    const shade = hsl(hue, 55, random(45, 75));
    content += `<g fill="${shade}" opacity="0.6">${rect(x, horizon + 4 + depth * (HEIGHT - horizon), width, 2 + depth * 5)}</g>`;
  }
  return content;
};

const night: Paint = (random) => {
  const hue = random(205, 285);
  let content = sky(hsl(hue, 55, 8), hsl(hue + 25, 45, 30));
  for (let star = 0; star < 260; star += 1) {
    const radius = 0.6 + random(0, 1) ** 6 * 3;
    content += circle(random(0, WIDTH), random(0, 620), radius, hsl(random(30, 240), 60, 92), random(0.4, 1));
  }
  const [x, y, radius] = [random(150, WIDTH - 150), random(100, 260), random(35, 65)];
  content +=
    circle(x, y, radius, hsl(50, 60, 92)) +
    circle(x + radius * 0.4, y - radius * 0.15, radius, hsl(hue + 6, 53, 8 + (y / HEIGHT) * 22));
  return content + ridge(random, 620, 60, hsl(hue, 40, 10)) + ridge(random, 700, 45, hsl(hue, 45, 5));
};

const tiles: Paint = (random) => {
  const hue = random(0, 360);
  const size = 80;
  let content = `<rect width="${WIDTH}" height="${HEIGHT}" fill="${hsl(hue, 35, 92)}"/>`;
  for (let y = 0; y < HEIGHT; y += size) {
    for (let x = 0; x < WIDTH; x += size) {
      const fill = hsl(hue + random(-35, 35), random(40, 75), random(40, 80));
      const corner = Math.floor(random(0, 4));
      const [left, top] = [x + (corner % 2) * size, y + Math.floor(corner / 2) * size];
      // A quarter of a disc, its middle in one of the tile's corners.
      const sweep = corner === 0 || corner === 3 ? 1 : 0;
      const [dx, dy] = [corner % 2 === 0 ? size : -size, corner < 2 ? size : -size];
      content += `<path d="M${left} ${top} h${dx} A${size} ${size} 0 0 ${sweep} ${left} ${top + dy} Z" fill="${fill}"/>`;
    }
  }
  return content;
};

const waves: Paint = (random) => {
  const hue = random(0, 360);
  const step = random(-14, 14);
  let content = `<rect width="${WIDTH}" height="${HEIGHT}" fill="${hsl(hue, 60, 90)}"/>`;
  for (let layer = 0; layer < 14; layer += 1) {
    content += ridge(random, 80 + layer * 58, random(15, 45), hsl(hue + layer * step, 55, 82 - layer * 4));
  }
  return content;
};
