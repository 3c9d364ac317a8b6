import { Redis } from 'ioredis';
import { messageOf } from '../errors.ts';
import type { RedisAddress } from './redis-address.ts';

/** So long a server may take to answer for the first time. */
const PATIENCE = 5_000;
/** Between two attempts to reach a server that was there. */
const MOST_BETWEEN = 2_000;
/** The first version that BullMQ recommends. */
const OLDEST = [6, 2] as const;

/**
 * Connects to a Redis server. Once it has answered, what is asked for while it is away waits until it is back, however long.
 *
 * @throws Error when nothing answers there, or something else than a Redis that can be used
 */
export async function connect(address: RedisAddress): Promise<Redis> {
  await tryOnce(address);
  const redis = new Redis(address.url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * times, MOST_BETWEEN),
  });
  redis.on('error', () => {}); // whether it is ready tells the same
  return redis;
}

/** The first connection gives up at once: an address is mistyped more often than a server is down for a moment. */
async function tryOnce(address: RedisAddress): Promise<void> {
  const redis = new Redis(address.url, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    commandTimeout: PATIENCE,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  let reason: unknown;
  redis.on('error', (error) => {
    reason ??= error;
  });
  try {
    await redis.connect();
    checkVersion(await redis.info('server'), address);
  } catch (error) {
    throw explained(error instanceof UnfitError ? error : (reason ?? error), address);
  } finally {
    redis.disconnect();
  }
}

/** It is Redis, but cannot be used. */
class UnfitError extends Error {
  override readonly name = 'UnfitError';
}

function checkVersion(info: string, { shown }: RedisAddress): void {
  const version = /^redis_version:(\S+)/m.exec(info)?.[1];
  if (version === undefined) throw new UnfitError(`--queue ${shown} is no Redis server; give the address of one`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new UnfitError(`--queue ${shown} is Redis ${version}, and ${OLDEST.join('.')} is needed; give a newer server`);
}

function explained(error: unknown, { shown }: RedisAddress): Error {
  if (error instanceof UnfitError) return error;
  const reason = messageOf(error);
  if (/NOAUTH|WRONGPASS|invalid password|NOPERM/i.test(reason)) {
    return new Error(
      `--queue ${shown} refuses the login (${reason}); give user and password as redis://user:password@host`,
    );
  }
  if (/database|DB index/i.test(reason)) {
    return new Error(`--queue ${shown} has no such database (${reason}); give another number behind the host`);
  }
  if (/ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(reason) && !/ECONNRESET/.test(reason)) {
    return new Error(
      `--queue ${shown} cannot be reached (${reason}); start a Redis server there, or give another address`,
    );
  }
  return new Error(`--queue ${shown} does not answer as Redis does (${reason}); give the address of a Redis server`);
}
