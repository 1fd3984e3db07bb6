import { defaultConfiguration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import { calendarOf } from '../time/calendar';
import { day, evidenceOf, ORIGIN } from './evidence-builder';
import { evaluateLoyalty, initialLoyalty, nextLoyaltyChange } from './index';
const policy: Policy = { configuration: defaultConfiguration, review: null, campaigns: [], since: -Infinity };
it('x', () => {
  const evidence = evidenceOf({ orders: [0, 30, 60, 90, 120].map((days) => ({ placedAt: day(days) })) });
  let asOf = day(120);
  let standing = initialLoyalty;
  const out: unknown[] = [];
  for (let i = 0; i < 40; i++) {
    standing = evaluateLoyalty(evidence, standing, policy, asOf, []);
    const t0 = performance.now();
    const c = nextLoyaltyChange(evidence, standing, policy, asOf);
    out.push([(asOf - ORIGIN) / 864e5, standing.zone, (c.crossing - ORIGIN) / 864e5, performance.now() - t0]);
    asOf = calendarOf('UTC').ceilDay(c.crossing);
    if (asOf === Infinity) break;
  }
  console.log(out.map((r) => JSON.stringify(r)).join('\n'));
});
