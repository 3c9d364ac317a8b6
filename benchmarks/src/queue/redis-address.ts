import { UsageError } from '../errors.ts';

const PROTOCOLS = ['redis:', 'rediss:'];
const EXAMPLE = 'redis://localhost:6379, or redis://localhost:6379/1 for its database 1';

/** The address of a Redis server. */
export interface RedisAddress {
  /** With user and password, where it has them: to connect, never to be shown. */
  readonly url: string;
  /** Without them. */
  readonly shown: string;
}

/**
 * Reads `redis://[user:password@]host[:port][/database]`, or `rediss://…` for TLS.
 *
 * @throws UsageError for anything else
 */
export function redisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !PROTOCOLS.includes(url.protocol) || url.hostname === '') {
    throw new UsageError(
      `--queue ${withoutPassword(text)} must be the address of a Redis server; give one such as ${EXAMPLE}`,
    );
  }
  if (!/^(\/\d{0,5})?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      `--queue ${withoutPassword(text)} has ${JSON.stringify(url.pathname + url.search + url.hash)} behind the host, where only the number of a database may stand; give one such as ${EXAMPLE}`,
    );
  }
  const database = url.pathname === '/' ? '' : url.pathname;
  return { url: text, shown: `${url.protocol}//${url.hostname}:${url.port || 6379}${database}` };
}

function withoutPassword(text: string): string {
  const shown = text.replace(/\/\/[^/@]*@/, '//…@');
  return /^\S+$/.test(shown) ? shown : JSON.stringify(shown);
}
