import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long nobody is served at most while a crowd comes in, in milliseconds. */
const LONGEST_MS = 100;
/** A turn of the event loop that takes longer serves so much that who stands at the door waits for it. */
const SLOW_TURN_MS = 5;

/**
 * Lets a crowd in before the first of it is served.
 *
 * Node takes one connection a turn of its event loop from those that wait at the port (libuv 1.46 and
 * later), and in each turn serves whoever is in. Of a crowd that comes at once, the first would be served
 * again and again while the rest, and behind it the probe of the health, is not even let in: with 250
 * connections for half a minute. So nothing is read from a new connection until a turn has passed in
 * which nobody came, and while turns are slow nothing from any other either; for 100 ms at most.
 */
export const letCrowdsIn = (server: Server): void => {
  const everybody = new Set<Socket>();
  const waiting = new Set<Socket>();
  let isComing = false;
  let hasSomebodyCome = false;
  let since = 0;
  let lastTurn = 0;

  const letWait = (socket: Socket): void => {
    if (socket.isPaused()) return;
    waiting.add(socket);
    socket.pause();
  };
  const endOfTurn = (): void => {
    const now = performance.now();
    if (hasSomebodyCome && now - since < LONGEST_MS) {
      if (now - lastTurn > SLOW_TURN_MS) for (const socket of everybody) letWait(socket);
      hasSomebodyCome = false;
      lastTurn = now;
      setImmediate(endOfTurn);
      return;
    }
    isComing = false;
    const all = [...waiting];
    waiting.clear();
    for (const socket of all) socket.resume();
  };
  server.on('connection', (socket: Socket) => {
    everybody.add(socket);
    socket.once('close', () => {
      everybody.delete(socket);
      waiting.delete(socket);
    });
    hasSomebodyCome = true;
    if (!isComing) {
      isComing = true;
      since = performance.now();
      lastTurn = since;
      setImmediate(endOfTurn);
    }
    // Node has begun to read it and goes on at the next tick: stopped behind that, and before anything is read.
    process.nextTick(() => {
      if (isComing) letWait(socket);
    });
  });
};
