import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

export interface SchemaEngineOptions {
  url: string;
  schema: readonly { path: string; content: string }[];
}

export interface SchemaEngine {
  engine: bindings.SchemaEngine;
  /** What Postgres said to the script that failed last; the engine passes on only what kind of fault it was. */
  scriptError(): string | undefined;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** Opens Prisma's schema engine, compiled to WebAssembly, on one database. */
export async function openSchemaEngine({ url, schema }: SchemaEngineOptions): Promise<SchemaEngine> {
  await loaded();
  const factory = new MigrationAdapterFactory(url);
  const datamodels = schema.map((file): [string, string] => [file.path, file.content]);
  const engine = await bindings.SchemaEngine.new(
    { datamodels },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return { engine, scriptError: () => factory.scriptError, close: () => factory.close() };
}

let instance: Promise<void> | undefined;

/** The bindings are one per process by their make, so the engine behind them is loaded once. */
function loaded(): Promise<void> {
  return (instance ??= load());
}

async function load(): Promise<void> {
  const require = createRequire(import.meta.url);
  const dir = path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const wasm = readFileSync(path.join(dir, 'schema_engine_bg.wasm'));
  const { instance: engine } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': { ...bindings } });
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) },
  });
  bindings.__wbg_set_wasm(engine.exports);
  (engine.exports['__wbindgen_start'] as () => void)();
}

/**
 * What Prisma's own adapter (7.10) lacks to serve the schema engine: it cannot read the catalogue's "char" type, splits
 * scripts at every semicolon, and drops the shadow database while still connected to it. (Its fourth defect, that a
 * connection string overrides the shadow database's name, is avoided by giving it pools of ours.)
 */
class MigrationAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres';
  readonly adapterName = '@prisma/adapter-pg';
  readonly #config: pg.PoolConfig;
  readonly #main: pg.Pool;
  scriptError: string | undefined;

  constructor(url: string) {
    const { hostname, port, username, password, pathname, searchParams } = new URL(url);
    this.#config = {
      host: decodeURIComponent(hostname),
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      ssl: ['require', 'verify-ca', 'verify-full'].includes(searchParams.get('sslmode') ?? ''),
      connectionTimeoutMillis: 10_000,
      max: 2,
    };
    this.#main = new pg.Pool(this.#config);
  }

  async connect(): Promise<SqlDriverAdapter> {
    return this.#repaired(this.#main);
  }

  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const database = `prisma_migrate_shadow_${crypto.randomUUID().replaceAll('-', '')}`;
    await this.#main.query(`CREATE DATABASE "${database}" TEMPLATE template0`);
    const pool = new pg.Pool({ ...this.#config, database });
    return this.#repaired(pool, async () => {
      await pool.end();
      await this.#main.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    });
  }

  close(): Promise<void> {
    return this.#main.end();
  }

  async #repaired(pool: pg.Pool, dispose = () => Promise.resolve()): Promise<SqlDriverAdapter> {
    const adapter = readsChar(await new PrismaPg(pool).connect());
    const startTransaction = adapter.startTransaction.bind(adapter);
    const onError = method(adapter, 'onError') as (error: unknown) => never;
    return Object.assign(adapter, {
      dispose,
      startTransaction: async (...args: Parameters<typeof startTransaction>) =>
        readsChar(await startTransaction(...args)),
      executeScript: async (script: string) => {
        try {
          await pool.query(script);
        } catch (error) {
          this.scriptError = error instanceof Error ? error.message : String(error);
          onError(error);
        }
      },
    });
  }
}

type PerformIO = (query: SqlQuery) => Promise<{ fields?: { dataTypeID: number }[] }>;

const CHAR = 18;
const CHAR_ARRAY = 1002;

/**
 * A column of type "char" is passed off as an array of them, the only way the adapter knows the type, and its result
 * type put right afterwards. The catalogue queries of the engine return no real array of "char".
 */
function readsChar<T extends SqlQueryable>(queryable: T): T {
  const performIO = method(queryable, 'performIO') as PerformIO;
  const queryRaw = queryable.queryRaw.bind(queryable);
  return Object.assign(queryable, {
    performIO: async (query: SqlQuery) => {
      const result = await performIO(query);
      for (const field of result.fields ?? []) if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY;
      return result;
    },
    queryRaw: async (query: SqlQuery): Promise<SqlResultSet> => {
      const result = await queryRaw(query);
      const { CharacterArray, Character } = ColumnTypeEnum;
      return { ...result, columnTypes: result.columnTypes.map((type) => (type === CharacterArray ? Character : type)) };
    },
  });
}

/** @returns a method that the adapter's types keep private, bound to it. */
function method(target: object, name: string): unknown {
  const found: unknown = Reflect.get(target, name);
  if (typeof found !== 'function') throw new Error(`@prisma/adapter-pg has no ${name}: compare with this version`);
  return found.bind(target);
}
