import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PEERS = path.join(import.meta.dirname, '../../peers');
const MARKER = 'node_modules/.prepared';

/** The folder of a peer: its package.json, what starts it, and after `--prepare` its node_modules. */
export const peerFolder = (peer: string): string => path.join(PEERS, peer);

const manifest = (peer: string): string => readFileSync(path.join(peerFolder(peer), 'package.json'), 'utf8');

/** Whether what package.json asks for is there. */
export function isPrepared(peer: string): boolean {
  const marker = path.join(peerFolder(peer), MARKER);
  return existsSync(marker) && readFileSync(marker, 'utf8') === manifest(peer);
}

/**
 * Installs peers, each on its own and apart from the product's dependencies.
 * @returns once all that can be installed are; one that cannot is told and left out of comparisons
 */
export async function preparePeers(peers: readonly string[], log: (line: string) => void): Promise<void> {
  for (const peer of peers) {
    if (isPrepared(peer)) {
      log(`${peer}: ready`);
      continue;
    }
    log(`${peer}: installing`);
    const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    const child = spawn('npm', args, { cwd: peerFolder(peer), stdio: ['ignore', 'ignore', 'inherit'] });
    const [code]: unknown[] = await once(child, 'exit');
    if (code === 0) writeFileSync(path.join(peerFolder(peer), MARKER), manifest(peer));
    log(code === 0 ? `${peer}: ready` : `${peer}: npm install failed; it is left out of comparisons`);
  }
}
