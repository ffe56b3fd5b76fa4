import type { Random } from './random.ts';

/**
 * The JSON text of a subgraph's answer, as one subgraph or another might spell it: mostly as graphql-js and
 * JSON.stringify do, else with white space, keys in another order or twice, other escapes, other forms of numbers, the
 * errors last. Whoever reads it has to get the same.
 */
export function spell(answer: object, random: Random): string {
  if (random.chance(0.5)) return JSON.stringify(answer);
  if (random.chance(0.2)) return `${JSON.stringify(answer)}\n`;
  if (random.chance(0.1)) return JSON.stringify(answer, null, 2);
  const often = random.pick([0.02, 0.2]);
  const manner: Manner = {
    space: random.pick([0, 0, often]),
    order: random.pick([0, 0, often]),
    twice: random.pick([0, 0, often]),
    escape: random.pick([0, often]),
    numbers: random.pick([0, often]),
  };
  const text = write(answer, manner, random);
  return random.chance(0.2) && text.startsWith('{"data":') ? text.replace(/\}$/, ',"extensions":{}}') : text;
}

/** How often each way of writing is used. */
interface Manner {
  readonly space: number;
  readonly order: number;
  readonly twice: number;
  readonly escape: number;
  readonly numbers: number;
}

function write(value: unknown, manner: Manner, random: Random): string {
  const space = (): string => (random.chance(manner.space) ? random.pick([' ', '\n', '\t', '\r\n  ']) : '');
  if (typeof value === 'string') return writeString(value, manner, random);
  if (typeof value === 'number')
    return random.chance(manner.numbers) ? writeNumber(value, random) : JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${space()}${value.map((element) => write(element, manner, random) + space()).join(`,${space()}`)}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value);
  if (random.chance(manner.order)) members.reverse();
  const texts = members.flatMap(([key, part]) => {
    const text = `${writeString(key, { ...manner, escape: manner.escape / 10 }, random)}${space()}:${space()}`;
    const last = text + write(part, manner, random);
    // Of a key that is there twice the last counts.
    return random.chance(manner.twice) ? [`${text}${random.pick(['null', '7', '"no"', '{"a":[]}'])}`, last] : [last];
  });
  return `${space()}{${space()}${texts.join(`${space()},${space()}`)}${space()}}`;
}

function writeString(value: string, { escape }: Manner, random: Random): string {
  return JSON.stringify(value).replaceAll(/\\.|[^"]/gs, (part) => {
    if (part.startsWith('\\') || !random.chance(escape)) return part;
    return part === '/' ? '\\/' : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function writeNumber(value: number, random: Random): string {
  if (Object.is(value, 0)) return random.pick(['0.0', '0e5', '0']);
  const forms = [value.toExponential(), value.toExponential().replace('e', 'E')];
  if (Number.isInteger(value) && Math.abs(value) < 1e15) forms.push(`${value}.0`, `${value}e0`);
  return random.pick(forms);
}
