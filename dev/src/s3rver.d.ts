/** The part of the library that we use; it comes without types. */
declare module '@20minutes/s3rver' {
  import type { Server } from 'node:http';

  export default class S3rver {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      vhostBuckets: boolean;
      configureBuckets: readonly { name: string }[];
    });
    httpServer?: Server;
    run(): Promise<{ port: number }>;
    close(): Promise<void>;
  }
}
