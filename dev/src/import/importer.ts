import { createBulk } from './bulk.ts';
import { type ImportContext, importGraph } from './import-graph.ts';
import { importLogs } from './import-logs.ts';
import { importPictures } from './import-pictures.ts';
import { createPeople } from './people.ts';
import type { Progress } from './progress.ts';
import { type Counts, createReport } from './report.ts';
import { findSources, type Source } from './sources.ts';

export interface ImportOptions {
  /** Files and folders. */
  paths: readonly string[];
  /** The GraphQL endpoint. */
  url: string;
  /** Gives the service account's token; a new one when `renew`. */
  token: (renew: boolean) => Promise<string>;
  /** Requests under way at once. */
  concurrency: number;
  progress: Progress;
  /** Aborting it ends the import; what is stored stays, and the next run goes on from there. */
  signal: AbortSignal;
}

/** Who owns the rooms of imported logs and posts imported pictures. */
export const IMPORTER = { handle: 'importer', name: 'Importer' };

/**
 * Imports social graphs, chat logs and pictures through the GraphQL endpoint. May be run again and again on the same
 * files: nothing is stored twice.
 * @returns what is in place in the end; it is complete only when this resolves
 * @throws Problem for paths that cannot be read; ChorusError or a network error when the server does not take the data
 */
export async function runImport(options: ImportOptions): Promise<Counts> {
  const { progress, concurrency, signal } = options;
  const sources = await findSources(options.paths, signal);
  for (const file of sources.others) progress.note(`${file} is no graph, chat log or picture: left out`);

  const bulk = createBulk(options);
  const people = createPeople(bulk);
  const report = createReport((line) => progress.note(line));
  const context: ImportContext = { bulk, people, progress, report, concurrency, signal };
  await people.ensure([IMPORTER]);
  const importer = people.idOf(IMPORTER.handle);

  try {
    if (sources.graphs.length > 0) progress.begin('follows', 2 * sizeOf(sources.graphs));
    for (const graph of sources.graphs) await importGraph(graph, context);
    if (sources.logs.length > 0) progress.begin('messages', sizeOf(sources.logs));
    await importLogs(sources.logs, importer, context);
    if (sources.pictures.length > 0) progress.begin('pictures', sizeOf(sources.pictures));
    await importPictures(sources.pictures, importer, context);
  } finally {
    progress.end();
  }
  return { ...report.counts, people: people.count() - 1 };
}

const sizeOf = (sources: readonly Source[]): number => sources.reduce((sum, { size }) => sum + size, 0);
