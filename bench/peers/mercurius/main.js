// Arguments: port, and the services as JSON: [{ name, url, schema }].
import gateway from '@mercuriusjs/gateway';
import fastify from 'fastify';

const [port, services] = process.argv.slice(2);
const app = fastify();
await app.register(gateway, {
  jit: 1,
  gateway: {
    services: JSON.parse(services).map((service) => ({
      ...service,
      mandatory: true,
      rewriteHeaders: (headers) =>
        headers?.authorization === undefined ? {} : { authorization: headers.authorization },
    })),
  },
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
