/**
 * The customers of a short build are written in one commit: the rate was taken from the moment of that
 * report itself, and said 943,000 a second.
 */
import { buildBars } from './build-bars';

test('a step that reports once is measured from the last report of the step before it', () => {
  const written: string[] = [];
  const { write } = process.stderr;
  process.stderr.write = (text) => {
    written.push(String(text));
    return true;
  };
  try {
    const bars = buildBars(true);
    bars.onProgress({ step: 'ledger', done: 10, total: 10 });
    const began = performance.now();
    while (performance.now() - began < 30);
    bars.onProgress({ step: 'customers', done: 900, total: null });
    bars.end();
  } finally {
    process.stderr.write = write;
  }
  const rates = [...written.join('').matchAll(/parties, ([\d,]+)\/s/g)].map(([, many = '']) =>
    Number(many.replaceAll(',', '')),
  );
  expect(rates.length).toBeGreaterThan(0);
  for (const rate of rates) expect(rate).toBeLessThanOrEqual(30_000);
});
