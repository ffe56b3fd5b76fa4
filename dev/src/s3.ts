import { mkdirSync } from 'node:fs';

/** How to reach an S3 store: all that media needs to know of it. */
export interface S3Access {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  readonly region: string;
}

export interface S3Server extends S3Access {
  stop(): Promise<void>;
}

/**
 * Starts the local object store with one bucket, inside this process, on a private port of 127.0.0.1. It has no
 * private buckets and its key pair is fixed by the library, so nothing but loopback may ever reach it.
 */
export async function startS3({ dir }: { dir: string }): Promise<S3Server> {
  mkdirSync(dir, { recursive: true });
  const { default: S3rver } = await import('@20minutes/s3rver');
  const bucket = 'chorus';
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: dir,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await server.run();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKey: 'S3RVER',
    secretKey: 'S3RVER',
    bucket,
    region: 'us-east-1',
    async stop() {
      const closed = server.close();
      server.httpServer?.closeAllConnections();
      await closed;
    },
  };
}
