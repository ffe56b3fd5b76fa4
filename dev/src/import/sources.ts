import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, Problem } from '../problem.ts';
import { parseLogLine } from './chat-log.ts';
import { parseEdge } from './graph.ts';
import { countLines, readLines } from './lines.ts';

/** A file to import. */
export interface Source {
  file: string;
  /** The file's name without folders and extension. */
  name: string;
  /** Lines; 1 for a picture. */
  size: number;
}

export interface Sources {
  graphs: Source[];
  logs: Source[];
  pictures: Source[];
  /** Files that are none of these. */
  others: string[];
}

const PICTURE = /\.(jpe?g|png|webp|avif|gif)$/i;
/** Lines that decide what a file is. */
const SAMPLE = 50;

/**
 * Finds out what there is to import: files, and those in folders, at any depth, in the order of their names. Hidden ones
 * are left out.
 * @throws Problem for a path that cannot be read, and for two logs or pictures of the same name
 */
export async function findSources(paths: readonly string[], signal: AbortSignal): Promise<Sources> {
  const sources: Sources = { graphs: [], logs: [], pictures: [], others: [] };
  const files = new Set<string>();
  for (const given of paths) for (const file of await filesIn(path.resolve(given))) files.add(file);
  for (const file of files) {
    const name = path.parse(file).name;
    if (PICTURE.test(file)) {
      sources.pictures.push({ file, name, size: 1 });
      continue;
    }
    const kind = await recognise(file, signal);
    if (kind === null) sources.others.push(file);
    else sources[kind].push({ file, name, size: await countLines(file, signal) });
  }
  assertDistinct(sources.logs);
  return sources;
}

async function filesIn(given: string): Promise<string[]> {
  try {
    if (!(await stat(given)).isDirectory()) return [given];
    const entries = await readdir(given, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter(
        (file) =>
          !path
            .relative(given, file)
            .split(path.sep)
            .some((part) => part.startsWith('.')),
      )
      .sort();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new Problem(`${given} cannot be read (${errorCode(error)}).`, 'Give files and folders that exist.', {
      cause: error,
    });
  }
}

/** By its first lines: what most of them are; null when most are nothing we know. */
async function recognise(file: string, signal: AbortSignal): Promise<'graphs' | 'logs' | null> {
  const found = { edge: 0, message: 0, malformed: 0, note: 0 };
  for await (const { text, number } of readLines(file, signal)) {
    const asEdge = parseEdge(text ?? '').kind;
    const asMessage = parseLogLine(text ?? '').kind;
    if (asEdge === 'edge') found.edge += 1;
    else if (asMessage === 'message') found.message += 1;
    else if (text === null || (asEdge === 'malformed' && asMessage === 'malformed')) found.malformed += 1;
    if (number === SAMPLE) break;
  }
  const [most, other] = found.edge > found.message ? [found.edge, 'graphs' as const] : [found.message, 'logs' as const];
  return most > 0 && most >= found.malformed ? other : null;
}

/** A log's name is its room's name, by which a later run finds the room. */
function assertDistinct(logs: readonly Source[]): void {
  const byName = new Map<string, string>();
  for (const { name, file } of logs) {
    const other = byName.get(name);
    if (other !== undefined) {
      throw new Problem(`${other} and ${file} have the same name.`, 'Rename one: a log gets a room of its name.');
    }
    byName.set(name, file);
  }
}
