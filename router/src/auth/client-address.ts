import type { IncomingMessage } from 'node:http';

/**
 * The address that connected to us or, when that is one of our proxies, the last one that our proxies did not add. What a
 * stranger writes into X-Forwarded-For counts for nothing.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: ReadonlySet<string>): string {
  const peer = normal(request.socket.remoteAddress ?? '');
  const forwarded = request.headers['x-forwarded-for'];
  if (!trustedProxies.has(peer) || forwarded === undefined) return peer;
  const hops = String(forwarded)
    .split(',')
    .map((hop) => normal(hop.trim()));
  return hops.findLast((hop) => !trustedProxies.has(hop)) ?? peer;
}

/** IPv4 as such, also when it arrived through an IPv6 socket. */
const normal = (address: string): string => address.replace(/^::ffff:/, '').slice(0, 64);
