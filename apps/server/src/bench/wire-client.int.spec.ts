import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { withClient, wireRequest } from './wire-client';

/** What the server writes for each request, by its path; each text is written by itself. */
const ANSWERS: Readonly<Record<string, ReadonlyArray<string>>> = {
  '/whole': ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  '/parts': ['HTTP/1.1 200 OK\r\ncontent-le', 'ngth: 11\r\n\r', '\nhello ', 'world'],
  '/much': ['HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n', 'a'.repeat(150_000), 'b'.repeat(50_000)],
  '/nothing': ['HTTP/1.1 204 No Content\r\n\r\n'],
  '/busy': ['HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}'],
  '/endless': ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
};

describe('a client over the wire', () => {
  let server: Server;
  let url = '';
  const seen: string[] = [];

  const answer = async (socket: Socket, path: string): Promise<void> => {
    if (path === '/gone') return void socket.destroy();
    for (const part of ANSWERS[path] ?? []) {
      await new Promise((written) => socket.write(part, written));
      await new Promise(setImmediate);
    }
  };

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('data', (request) => {
        seen.push(request.toString());
        void answer(socket, / (\S+) /.exec(request.toString())?.[1] ?? '');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  const get = (path: string): Promise<readonly [number, string]> =>
    withClient(url, 1, async (client) => {
      const { status, body } = await client.ask(wireRequest('GET', path));
      return [status, body.toString()] as const;
    });

  it.each([
    ['/whole', 200, 'hello'],
    ['/parts', 200, 'hello world'],
    ['/nothing', 204, ''],
    ['/busy', 429, '{}'],
  ])('reads %s whole', async (path, status, body) => expect(await get(path)).toEqual([status, body]));

  it('reads an answer that is larger than what it reads at once, and then a small one', async () => {
    const both = await withClient(url, 1, async (client) => {
      const much = (await client.expect200(wireRequest('GET', '/much'))).toString();
      return [much, (await client.expect200(wireRequest('GET', '/whole'))).toString()];
    });
    expect(both).toEqual(['a'.repeat(150_000) + 'b'.repeat(50_000), 'hello']);
  });

  it('is told when the connection is gone, and of an answer whose end it cannot know', async () => {
    await expect(get('/gone')).rejects.toThrow('closed the connection');
    await expect(get('/endless')).rejects.toThrow('without a length');
  });

  it('takes nothing but a 200 where one is expected', async () => {
    const asked = withClient(url, 1, (client) => client.expect200(wireRequest('GET', '/busy')));
    await expect(asked).rejects.toThrow('answered 429: {}');
  });

  it('lets who comes while all connections are busy wait for one', async () => {
    const answers = await withClient(url, 2, (client) =>
      Promise.all(Array.from({ length: 9 }, () => client.expect200(wireRequest('GET', '/parts')).then(String))),
    );
    expect(answers).toEqual(Array.from({ length: 9 }, () => 'hello world'));
  });

  it('sends a body with its type and its length in bytes', async () => {
    await withClient(url, 1, (client) =>
      client.ask(wireRequest('POST', '/whole', 'application/json', Buffer.from('{"ä":1}'))),
    );
    expect(seen.at(-1)).toBe(
      'POST /whole HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"ä":1}',
    );
  });
});
