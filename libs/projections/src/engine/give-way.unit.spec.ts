import { giveWay } from './give-way';

const work = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

/**
 * Projections that are behind leave the thread to what comes in. Whatever comes in a little every few milliseconds
 * made them wait their whole share of time by the clock, most of which nobody used: at 5,000 facts a second, half
 * of what the machine can take, they worked a third of the time, stood still for as long as the thread was idle,
 * and a backlog once there was never worked off.
 */
describe('giving way to what comes in', () => {
  it('ends when nobody has anything to do', async () => {
    expect(await giveWay(60_000, new AbortController().signal)).toBeLessThan(60_000);
  });

  it('ends although a little comes in all the time, for the idle time between adds up', async () => {
    const little = setInterval(() => work(0.3), 2);
    const gave = await giveWay(60_000, new AbortController().signal);
    clearInterval(little);
    expect(gave).toBeLessThan(60_000);
  });

  it('lasts until the others have worked for so long when they leave no idle time', async () => {
    let worked = 0;
    let turn = setImmediate(function again() {
      work(5);
      worked += 5;
      turn = setImmediate(again);
    });
    const gave = await giveWay(50, new AbortController().signal);
    clearImmediate(turn);
    expect(gave).toBeGreaterThanOrEqual(50);
    expect(worked).toBeGreaterThan(0);
  });

  it('ends when the projections end', async () => {
    const ended = new AbortController();
    ended.abort();
    expect(await giveWay(60_000, ended.signal)).toBeLessThan(60_000);
  });
});
