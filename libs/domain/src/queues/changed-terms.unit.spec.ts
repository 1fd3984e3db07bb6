import { fact, isoOnDay, onDay, orderPlaced } from '../customer/fact-builder';
import type { Fact } from '../facts/envelope';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { completed, enquiry, itemOn, reachable, survey } from './arbitrary-scenario';

/**
 * What was done with an item was read by the numbers of today at each evaluation: fewer attempts closed it as of an
 * attempt before they came into force, and another pause put it to sleep anew. The due instant of an enquiry, a
 * welcome and a failure moved, into the past when the time was made shorter: late, though it was in time that day.
 */
const activated = (days: number, queues: Partial<Configuration['queues']>): Fact =>
  fact('ConfigurationActivated', 0, {
    version: 1,
    effectiveFrom: isoOnDay(days),
    config: { ...defaultConfiguration, version: 1, queues: { ...defaultConfiguration.queues, ...queues } },
  });
const { Q1, Q4, Q5, Q6 } = defaultConfiguration.queues;

describe('a configuration with other rules of work', () => {
  const answer = survey(1, 'nps', 3);
  const tried = [answer, completed(1.5, 'Q1', answer.eventId, 'unreachable')];

  test('counts no attempt that was made before it', () => {
    const item = itemOn(6, 'Q1', tried, [activated(5, { Q1: { ...Q1, maxAttempts: 1 } })]);
    expect(item).toMatchObject({ state: 'open', closedAt: null, attempts: 1 });
  });

  test('closes with the attempt that is made under it', () => {
    const again = completed(5.5, 'Q1', answer.eventId, 'unreachable');
    const item = itemOn(6, 'Q1', [...tried, again], [activated(5, { Q1: { ...Q1, maxAttempts: 1 } })]);
    expect(item).toMatchObject({ state: 'closed', closedAt: onDay(5.5), outcome: 'unreachable' });
  });

  test('puts nothing to sleep again', () => {
    const before = itemOn(4.9, 'Q1', tried);
    const item = itemOn(6, 'Q1', tried, [activated(5, { Q1: { ...Q1, retryHours: 480 } })]);
    expect(item).toMatchObject({ notBefore: before.notBefore, dueAt: before.dueAt });
  });

  test.each<[string, 'Q4' | 'Q5' | 'Q6', ReadonlyArray<Fact>, Partial<Configuration['queues']>]>([
    ['the answer to an enquiry', 'Q4', [enquiry(4.9, 'e1')], { Q4: { ...Q4, answerHours: 1 } }],
    ['a welcome', 'Q5', [...reachable, orderPlaced(1, 'o1')], { Q5: { ...Q5, welcomeMaxDaysAfterOrder: 2 } }],
    [
      'the follow-up of a failure',
      'Q6',
      [
        fact('ServiceFailureDetected', 4.9, {
          failureId: 'f1',
          partyIds: ['p1'],
          kind: 'outage',
          severity: 2,
          detectedBy: 'us',
        }),
      ],
      { Q6: { ...Q6, failureFollowUpHours: 1 } },
    ],
  ])('leaves %s the time that it had', (_, queue, facts, queues) => {
    const before = itemOn(4.95, queue, facts);
    expect(itemOn(5.1, queue, facts, [activated(5, queues)]).dueAt).toBe(before.dueAt);
  });
});
