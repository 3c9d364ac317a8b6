import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';
import { redisAddress } from './redis-address.ts';

/** A server that says the same to every command. */
async function answering(answer: string): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const _ of data.toString().matchAll(/^\*/gm)) socket.write(answer); // each command begins so
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `redis://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

const told = async (url: string): Promise<string> => connect(redisAddress(url)).then(String, ({ message }) => message);
const info = (text: string) => `$${text.length}\r\n${text}\r\n`;

test('where nothing listens it is said so at once', async () => {
  expect(await told('redis://127.0.0.1:1')).toBe(
    '--queue redis://127.0.0.1:1 cannot be reached (connect ECONNREFUSED 127.0.0.1:1); start a Redis server there, or give another address',
  );
});

test('a web server is no Redis', async () => {
  const url = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
  expect(await told(url)).toMatch(`--queue ${url} does not answer as Redis does (`);
});

test('a server that wants a password says so, and the password is not repeated', async () => {
  const url = await answering('-NOAUTH Authentication required.\r\n');
  expect(await told(url)).toMatch(`--queue ${url} refuses the login (NOAUTH Authentication required.); give user and`);
  const wrong = await answering('-WRONGPASS invalid username-password pair\r\n');
  const said = await told(wrong.replace('//', '//me:secret@'));
  expect(said).toContain(`--queue ${wrong} refuses the login`);
  expect(said).not.toContain('secret');
});

test('an old Redis is refused with its version', async () => {
  const url = await answering(info('redis_version:5.0.14'));
  expect(await told(url)).toBe(`--queue ${url} is Redis 5.0.14, and 6.2 is needed; give a newer server`);
});
