import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { serviceProgram } from '@chorus/dev/stack';
import { peerFolder } from '../harness/peers.ts';
import type { Command } from '../harness/processes.ts';
import { subgraphNames, subgraphSdl } from './schema.ts';
import type { Sessions } from './sessions.ts';
import type { StandIns } from './stand-ins.ts';

/** What a gateway is started on. */
export interface Setting {
  port: number;
  supergraphPath: string;
  standIns: StandIns;
  /** An empty folder of its own. */
  folder: string;
  sessions: Sessions;
}

/** Somebody who takes part. */
export interface Contender {
  label: string;
  /** What it is compared as; `ours` are settings of our router, the first of which is compared. */
  kind: 'ours' | 'node' | 'rust' | 'handwritten';
  /** The folder under peers/ that must have been prepared. */
  peer?: string;
  path: string;
  /** Whose requests it gets: each its own, or those of a thousand sessions. */
  identities: 'unique' | 'sessions' | 'none';
  command: (setting: Setting) => Command;
}

export const PEERS = ['apollo', 'hive', 'mercurius', 'grafbase'];

/** Our router as for any supergraph: the header passed on, nothing checked, one trace in a hundred recorded. */
const ours =
  (more: (setting: Setting) => Record<string, string> = () => ({})) =>
  (setting: Setting): Command => ({
    args: serviceProgram('router'),
    env: {
      SUPERGRAPH_PATH: setting.supergraphPath,
      HOST: '127.0.0.1',
      PORT: String(setting.port),
      FORWARD_HEADERS: 'authorization',
      LOG_LEVEL: 'warn',
      OTEL_SERVICE_NAME: 'router',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${setting.standIns.port}`,
      OTEL_TRACES_SAMPLER_ARG: '0.01',
      ...more(setting),
    },
  });

/** Verifies tokens, and tells each subgraph who asks by a token minted for it. */
const authentication = ({ standIns, sessions }: Setting): Record<string, string> => ({
  JWKS_URL: `http://127.0.0.1:${standIns.port}/jwks`,
  TOKEN_ISSUER: sessions.issuer,
  VIEWER_KEYS: subgraphNames.map((name) => `${name}=${sessions.viewerKey}`).join(','),
});

const hive =
  (...flags: string[]) =>
  ({ port, supergraphPath }: Setting): Command => ({
    args: [
      path.join(peerFolder('hive'), 'node_modules/@graphql-hive/gateway/dist/bin.js'),
      'supergraph',
      supergraphPath,
      '--host=127.0.0.1',
      `--port=${port}`,
      '--fork=1',
      `--config-path=${path.join(peerFolder('hive'), 'gateway.config.js')}`,
      ...flags,
    ],
    cwd: peerFolder('hive'),
  });

const grafbase = ({ port, standIns, folder }: Setting): Command => {
  const config = subgraphNames.map((name) => {
    const schema = path.join(folder, `${name}.graphql`);
    writeFileSync(schema, subgraphSdl[name]);
    return `[subgraphs.${name}]\nurl = "${standIns.url(name)}"\nschema_path = "${schema}"\n`;
  });
  const configPath = path.join(folder, 'grafbase.toml');
  writeFileSync(configPath, `[[headers]]\nrule = "forward"\nname = "authorization"\n\n${config.join('\n')}`);
  return {
    file: path.join(peerFolder('grafbase'), 'node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase'),
    args: ['--home', folder, 'dev', '--config', configPath, '--listen-address', `127.0.0.1:${port}`],
    cwd: folder,
  };
};

const graphqlPath = { path: '/graphql', identities: 'unique' } as const;

/** In the order of the table. */
export const contenders = {
  chorus: { label: 'Chorus router', kind: 'ours', ...graphqlPath, command: ours() },
  chorus_auth: {
    label: '  1,000 sessions verified',
    kind: 'ours',
    path: '/graphql',
    identities: 'sessions',
    command: ours(authentication),
  },
  chorus_traced: {
    label: '  every request traced',
    kind: 'ours',
    ...graphqlPath,
    command: ours(() => ({ OTEL_TRACES_SAMPLER_ARG: '1' })),
  },
  chorus_shared: {
    label: '  identical requests shared',
    kind: 'ours',
    path: '/graphql',
    identities: 'none',
    // Nothing of the client goes on to the subgraphs, so all that ask the same at one time can have one answer.
    command: ours(() => ({ FORWARD_HEADERS: '' })),
  },
  stock: {
    label: '@apollo/gateway + server',
    kind: 'node',
    peer: 'apollo',
    ...graphqlPath,
    path: '/',
    command: ({ port, supergraphPath }) => ({
      args: [path.join(peerFolder('apollo'), 'main.js'), String(port), supergraphPath],
      env: { APOLLO_TELEMETRY_DISABLED: 'true' },
    }),
  },
  hive: { label: 'Hive Gateway', kind: 'node', peer: 'hive', ...graphqlPath, command: hive() },
  hive_router_runtime: {
    label: 'Hive Gateway, router-runtime',
    kind: 'node',
    peer: 'hive',
    ...graphqlPath,
    command: hive('--hive-router-runtime'),
  },
  mercurius: {
    label: 'Mercurius gateway',
    kind: 'node',
    peer: 'mercurius',
    ...graphqlPath,
    command: ({ port, standIns }) => ({
      args: [
        path.join(peerFolder('mercurius'), 'main.js'),
        String(port),
        JSON.stringify(subgraphNames.map((name) => ({ name, url: standIns.url(name), schema: subgraphSdl[name] }))),
      ],
    }),
  },
  grafbase: { label: 'Grafbase (Rust)', kind: 'rust', peer: 'grafbase', ...graphqlPath, command: grafbase },
  handwritten: {
    label: 'written by hand',
    kind: 'handwritten',
    ...graphqlPath,
    command: ({ port, standIns }) => ({
      args: [path.join(import.meta.dirname, 'handwritten.ts'), String(port), String(standIns.port)],
    }),
  },
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof contenders;
export const contenderNames = Object.keys(contenders) as ContenderName[];
export const contender = (name: ContenderName): Contender => contenders[name];
