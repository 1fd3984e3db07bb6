/**
 * 250 connections that came at once took half a minute to be let in by a busy server, because those
 * already in were served in each turn of its event loop, and each turn lets one in: who came behind
 * them, as a probe of the health, waited as long.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createPorter, type Socket } from 'node:net';
import { setImmediate as turnEnds } from 'node:timers/promises';
import { letCrowdsIn } from './crowd';

const REQUEST = 'GET / HTTP/1.1\r\nHost: here\r\n\r\n';

interface Crowds {
  /** Come first and are served all the time, each asking again when it is answered. */
  readonly regulars: number;
  /** Come at once. */
  readonly newcomers: number;
  /** What an answer takes. */
  readonly busyMs: number;
  readonly isLetIn: boolean;
}

/** How many requests were served from the arrival of a crowd until the last of it was let in. */
const servedMeanwhile = async ({ regulars, newcomers, busyMs, isLetIn }: Crowds): Promise<number> => {
  let served = 0;
  let came = 0;
  const server = createServer((_request, response) => {
    const start = performance.now();
    while (performance.now() - start < busyMs);
    served += 1;
    response.end();
  });
  if (isLetIn) letCrowdsIn(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const come = (): Socket => {
    const socket = connect(port, '127.0.0.1', () => socket.write(REQUEST));
    socket.on('data', () => socket.write(REQUEST));
    socket.on('error', () => undefined);
    return socket;
  };
  const isServed = (socket: Socket) => once(socket, 'data');
  const inside = Array.from({ length: regulars }, come);
  await Promise.all(inside.map(isServed));

  const before = served;
  const meanwhile = new Promise<number>((resolve) => {
    server.on('connection', () => {
      came += 1;
      if (came === newcomers) resolve(served - before);
    });
  });
  const crowd = Array.from({ length: newcomers }, come);
  const result = await meanwhile;
  // Everybody who is in is served, those who had to wait too.
  await Promise.all([...inside, ...crowd].map(isServed));
  for (const socket of [...inside, ...crowd]) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return result;
};

describe('a crowd at the door', () => {
  const alone = { regulars: 0, newcomers: 100, busyMs: 0 };
  const beside = { regulars: 20, newcomers: 50, busyMs: 1 };

  it('is let in before the first of it is served', async () => {
    expect(await servedMeanwhile({ ...alone, isLetIn: true })).toBeLessThan(alone.newcomers);
  });

  it('is let in before those who are in are served again and again', async () => {
    expect(await servedMeanwhile({ ...beside, isLetIn: true })).toBeLessThan(10 * beside.regulars);
  });

  // The wait was counted from the arrival: after a turn of 300 ms nobody waited at all, and probes did for 36 s.
  it('has its time from the end of the turn in which the first of it came', async () => {
    const server = createServer();
    letCrowdsIn(server);
    const porter = createPorter({ pauseOnConnect: true });
    await once(porter.listen(0, '127.0.0.1'), 'listening');
    const caller = connect((porter.address() as AddressInfo).port, '127.0.0.1');
    const [first]: ReadonlyArray<Socket> = await once(porter, 'connection');
    server.emit('connection', first?.resume());
    const start = performance.now();
    while (performance.now() - start < 150);
    await turnEnds();
    expect(first?.isPaused()).toBe(true);
    await turnEnds();
    expect(first?.isPaused()).toBe(false);
    caller.destroy();
    porter.close();
  });

  it.each([alone, beside])('would wait for hundreds of answers otherwise: the reason for the rule', async (crowds) => {
    expect(await servedMeanwhile({ ...crowds, isLetIn: false })).toBeGreaterThan(500);
  });
});
