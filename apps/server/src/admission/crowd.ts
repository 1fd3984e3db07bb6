import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A turn of the event loop that takes longer has work to do, and who stands at the door waits for it; in milliseconds. */
const SLOW_TURN_MS = 5;
/** How long nobody is served at most while a crowd comes in: milliseconds of quick turns, and slow turns, whose work is there anyway. */
const LONGEST = { quickMs: 200, slowTurns: 10 };

/**
 * Lets a crowd in before the first of it is served.
 *
 * Node takes one connection a turn of its event loop from those that wait at the port (libuv 1.46 and
 * later), and in each turn serves whoever is in. Of a crowd that comes at once, the first would be served
 * again and again while the rest, and behind it the probe of the health, is not even let in: with 250
 * connections for half a minute. So nothing is read from a new connection until a turn has passed in
 * which nobody came, and while turns are slow nothing from any other either, within bounds.
 */
export const letCrowdsIn = (server: Server): void => {
  const everybody = new Set<Socket>();
  const waiting = new Set<Socket>();
  let isComing = false;
  let hasSomebodyCome = false;
  let turnBegan = 0;
  let passed = { quickMs: 0, slowTurns: 0 };

  const letWait = (socket: Socket): void => {
    if (socket.isPaused()) return;
    waiting.add(socket);
    socket.pause();
  };
  const goOn = (): void => {
    isComing = false;
    const all = [...waiting];
    waiting.clear();
    for (const socket of all) socket.resume();
  };
  const endOfTurn = (): void => {
    const now = performance.now();
    const took = now - turnBegan;
    turnBegan = now;
    if (took > SLOW_TURN_MS) {
      passed.slowTurns += 1;
      for (const socket of everybody) letWait(socket);
    } else passed.quickMs += took;
    if (!hasSomebodyCome || passed.quickMs > LONGEST.quickMs || passed.slowTurns > LONGEST.slowTurns) return goOn();
    hasSomebodyCome = false;
    setImmediate(endOfTurn);
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
      turnBegan = performance.now();
      passed = { quickMs: 0, slowTurns: 0 };
      setImmediate(endOfTurn);
    }
    // Node has begun to read it and goes on at the next tick: stopped behind that, and before anything is read.
    process.nextTick(() => {
      if (isComing) letWait(socket);
    });
  });
};
