import { measureEventStore } from './measure-event-store';

describe('the measurements of the event store', () => {
  it('give a figure, its floor and their ratio for appends alone, appends in company and a scan', async () => {
    const measured = await measureEventStore({ runMs: 5, rounds: 1, scanned: 500 });
    expect(measured.map(({ name }) => name)).toEqual([
      'durable appends one by one, events/s',
      'durable appends by 64 concurrent appenders, events/s',
      'scan of the whole log, events/s',
    ]);
    for (const { value, raw, ratio } of measured) {
      expect(value).toBeGreaterThan(0);
      expect(raw).toBeGreaterThan(0);
      expect(ratio).toBeCloseTo(value / raw);
    }
  });
});
