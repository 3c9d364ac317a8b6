import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const PROGRAM = process.env['FLATMIN_REDIS'] ?? 'redis-server';

/** A Redis server of a test's own, on a free port, which is gone with the test. */
export class RedisServer {
  readonly url: string;
  /** To look at what is there. */
  readonly client: Redis;
  readonly #port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.#port = port;
    this.#folder = folder;
    this.url = `redis://127.0.0.1:${port}`;
    this.client = new Redis(port, '127.0.0.1', {
      lazyConnect: true,
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
    });
    this.client.on('error', () => {});
  }

  static async start(): Promise<RedisServer> {
    if (spawnSync(PROGRAM, ['--version']).status !== 0) {
      throw new Error(
        `${PROGRAM} is not on this machine: on Debian, apt-get install redis-server first; elsewhere FLATMIN_REDIS=/its/path`,
      );
    }
    const server = new RedisServer(await freePort(), temporaryFolder());
    onTestFinished(async () => {
      server.client.disconnect();
      await server.#end();
    });
    await server.goOn();
    return server;
  }

  /** Ends it; what it has is on its disk. */
  async goAway(): Promise<void> {
    await this.client.save();
    await this.#end();
  }

  /** Starts it with what is on its disk. */
  async goOn(): Promise<void> {
    const options = { port: this.#port, bind: '127.0.0.1', dir: this.#folder, save: '' };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#process = spawn(PROGRAM, args, { stdio: 'ignore' });
    await this.client.ping(); // waits until it answers
  }

  async #end(): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'close');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
