import { createHash } from 'node:crypto';
import { outcomesOf } from '../work-item/outcomes';
import { campaignArm, hash32 } from './campaign-arm';
import { itemIdOf } from './item-id';
import { quarterOf } from './quarter';
import { queueRules } from './queue-rules';

test('an item id is the first half of the hash of queue, party and trigger', () => {
  const whole = createHash('sha256').update('Q1|p1|c1').digest('hex');
  expect(itemIdOf('Q1', 'p1', 'c1')).toBe(whole.slice(0, 32));
  expect(itemIdOf('Q1', 'p1', 'c1')).not.toBe(itemIdOf('Q2', 'p1', 'c1'));
});

// coverage: 6
test.each(['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6', 'Q7', 'Q8'] as const)(
  'every outcome that %s may be completed with has a consequence',
  (queue) => {
    expect(Object.keys(queueRules[queue].outcomes).sort()).toEqual([...outcomesOf[queue]].sort());
  },
);

test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('the hash of %j is that of FNV-1a', (text, hash) => {
  expect(hash32(text)).toBe(hash);
});

// coverage: 61
test('the control arm is about as large as the holdout', () => {
  const parties = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
  const control = parties.filter((party) => campaignArm('c1', party, 20) === 'control').length;
  expect(Math.abs(control / parties.length - 0.2)).toBeLessThan(0.02);
  expect(parties.some((party) => campaignArm('c1', party, 0) === 'control')).toBe(false);
});

test.each([
  ['2024-03-31T23:59:59.999Z', 'UTC', '2024-Q1', '2024-04-01T00:00:00.000Z'],
  ['2024-04-01T00:00:00.000Z', 'UTC', '2024-Q2', '2024-07-01T00:00:00.000Z'],
  ['2024-04-01T04:59:59.000Z', 'America/Bogota', '2024-Q1', '2024-04-01T05:00:00.000Z'],
  ['2024-12-31T12:00:00.000Z', 'Pacific/Auckland', '2025-Q1', '2025-03-31T11:00:00.000Z'],
  ['2024-11-15T00:00:00.000Z', 'Europe/Madrid', '2024-Q4', '2024-12-31T23:00:00.000Z'],
])('%s lies in %s in %s, which ends at %s', (at, timeZone, key, end) => {
  expect(quarterOf(Date.parse(at), timeZone)).toEqual({ key, nextStart: Date.parse(end) });
});
