import { defineConfig } from 'prisma/config';

/** For the Prisma CLI alone; the service gets its connection from src/config.ts. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
