/**
 * A store was closed while a read of it (a question for readiness, a subscription) paused before its
 * next attempt, because the server was away. Nobody ended the pause: the process went on for up to two
 * seconds after everything had been closed, and the read found out only then.
 */
import { StoreClosedError } from '../store-errors';
import { Connection } from './connection';
import { Attempts } from './log-reading';
import { SilenceError } from './server-failure';
import { DEFAULT_TIMINGS } from './timings';

/** The longest pause there is, in milliseconds. */
const PAUSE = 2_000;

const given = (): { readonly connection: Connection; readonly attempts: Attempts } => {
  const connection = new Connection('esdb://127.0.0.1:1?tls=false', 'esdb://127.0.0.1:1');
  return { connection, attempts: new Attempts(connection, { ...DEFAULT_TIMINGS, pauseMs: PAUSE }, Date.now()) };
};

const gone = new SilenceError('the server is away');

describe('the pause before the next attempt', () => {
  it('ends when the store is closed, and there is no next attempt', async () => {
    const { connection, attempts } = given();
    const began = performance.now();
    const pausing = attempts.failed(gone);
    connection.close();
    await expect(pausing).rejects.toThrow(StoreClosedError);
    expect(performance.now() - began).toBeLessThan(PAUSE / 2);
  });

  it('ends when the reader gives up, before or during it', async () => {
    const { connection, attempts } = given();
    const reader = new AbortController();
    const began = performance.now();
    const pausing = attempts.failed(gone, reader.signal);
    reader.abort();
    await pausing;
    await attempts.failed(gone, reader.signal);
    expect(performance.now() - began).toBeLessThan(PAUSE / 2);
    connection.close();
  });

  it('lasts while the store is open', async () => {
    const { connection } = given();
    const attempts = new Attempts(connection, { ...DEFAULT_TIMINGS, pauseMs: 30 }, Date.now());
    const began = performance.now();
    await attempts.failed(gone);
    expect(performance.now() - began).toBeGreaterThan(25);
    connection.close();
  });
});
