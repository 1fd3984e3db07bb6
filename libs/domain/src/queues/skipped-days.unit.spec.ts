import * as fc from 'fast-check';
import { withWork } from '../customer/arbitrary-work';
import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import { foldDaily } from '../customer/fold-daily';
import type { Fact } from '../facts/envelope';
import { regimeOf } from '../policy/fold-regime';
import {
  activated,
  campaign,
  complaint,
  consent,
  contact,
  dsr,
  enquiry,
  enquiryClosed,
  followedUp,
  identified,
  offer,
  resolved,
  survey,
  wallet,
  withdrawn,
} from './arbitrary-scenario';

const onePart: fc.Arbitrary<(days: number) => Fact> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .nat({ max: 2 })
      .map((line) => (days: number) => order(days, { lines: [{ productLine: `l${line}` }] })),
  },
  {
    weight: 2,
    arbitrary: fc.constant((days: number) =>
      order(days, { renewalDueAt: isoOnDay(days + 100.3), promisedAt: isoOnDay(days + 3.3) }),
    ),
  },
  { weight: 3, arbitrary: fc.nat({ max: 10 }).map((score) => (days: number) => survey(days, 'nps', score)) },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: 1, max: 5 })
      .map((score) => (days: number) => survey(days, 'csat_transactional', score, `cs-${days}`)),
  },
  { weight: 1, arbitrary: fc.constant((days: number) => complaint(days, 'c1')) },
  { weight: 1, arbitrary: fc.constant((days: number) => resolved(days, 'c1')) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 5 }).map((verdict) => (days: number) => followedUp(days, 'c1', verdict)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('marketing', 'winback').map((purpose) => (days: number) => consent(days, purpose)),
  },
  { weight: 1, arbitrary: fc.constant((days: number) => withdrawn(days, 'marketing')) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('campaign', 'retention', 'service', 'welcome')
      .map((purpose) => (days: number) => contact(days, purpose)),
  },
  { weight: 1, arbitrary: fc.constant((days: number) => enquiry(days, 'e1')) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('lost', 'disqualified')
      .map((outcome) => (days: number) => enquiryClosed(days, 'e1', outcome)),
  },
  { weight: 1, arbitrary: fc.constant((days: number) => offer(days, `of${days}`, days + 20)) },
  { weight: 1, arbitrary: fc.constantFrom(0.2, 0.9).map((share) => (days: number) => wallet(days, share)) },
  { weight: 1, arbitrary: fc.constant((days: number) => fact('DefectionNoticeReceived', days, notice(days))) },
  { weight: 1, arbitrary: fc.constant((days: number) => fact('PromiseMade', days, promise(days))) },
  { weight: 1, arbitrary: fc.constant((days: number) => fact('PartyRoleAssigned', days, role(days))) },
  { weight: 1, arbitrary: fc.constant((days: number) => fact('DataSubjectRequestReceived', days, dsr('objection'))) },
);

const order = (days: number, parts: Parameters<typeof orderPlaced>[2]): Fact =>
  orderPlaced(days, `o${days * 4}`, parts);
const notice = (days: number) => ({
  partyId: 'p1',
  effectiveAt: isoOnDay(days + 10.3),
  reasonCodes: ['pricing' as const],
  channel: 'phone' as const,
});
const promise = (days: number) => ({
  promiseId: `pr${days * 4}`,
  partyId: 'p1',
  madeBy: 'a1',
  dueAt: isoOnDay(days + 5.4),
});
const role = (days: number) => ({
  partyId: 'p1',
  role: 'employee' as const,
  validFrom: isoOnDay(days),
  validTo: isoOnDay(days + 20.2),
});

const parts = fc.array(fc.tuple(fc.nat({ max: 4 * 500 }), onePart), { maxLength: 16 });
const work = fc.array(
  fc.record({
    item: fc.nat({ max: 20 }),
    act: fc.constantFrom('claimed', 'released', 'completed'),
    delayHours: fc.integer({ min: 0, max: 24 * 40 }),
    outcome: fc.constantFrom(
      ...['unreachable', 'declined', 'no_response', 'nurture', 'not_recovered', 'postponed', 'saved', 'welcomed'],
      ...['not_interested', 'accepted', 'lost'],
    ),
  }),
  { maxLength: 8 },
);
const regime = regimeOf([activated(), campaign(20, 120), campaign(100, 400, 'c2', 30)]);

test('skipping the days on which nothing can change decides the same items as evaluating every day', () => {
  fc.assert(
    fc.property(parts, work, fc.integer({ min: 30, max: 1_300 }), (drawn, acts, untilDay) => {
      const facts = [
        identified(0),
        consent(0, 'marketing'),
        consent(0, 'winback'),
        ...drawn.map(([quarter, part]) => part(quarter / 4)),
      ];
      const until = onDay(untilDay + 0.3);
      const bare = { partyId: 'p1', members: ['p1'], facts, referredOrders: [] };
      const history = withWork(bare, regime, until, acts);
      const skipped = foldCustomer(history, regime, until).standing;
      expect(JSON.stringify(skipped.items)).toBe(JSON.stringify(foldDaily(history, regime, until).items));
    }),
    { numRuns: 40 },
  );
});
