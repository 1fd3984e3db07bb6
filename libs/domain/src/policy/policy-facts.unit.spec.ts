/**
 * A configuration or a review that came in as a fact was looked at by its shape alone, while the command checks
 * what it means. A document with an activity window of 1e300 days made the fold of every customer throw (Invalid
 * time value); a version of 9 007 199 254 740 991 or a review as of the year 9999 kept every later command out.
 */
import { given, iso, NOW, past } from '../command/given-when-then';
import { foldCustomer } from '../customer/fold';
import { fact, onDay, orderPlaced } from '../customer/fact-builder';
import type { FactData } from '../facts/catalogue';
import type { NewFact } from '../facts/stored';
import { samples } from '../facts/samples';
import { toIso } from '../time/calendar';
import { activateConfiguration } from './activate-configuration';
import { type Configuration, defaultConfiguration } from './configuration';
import { policyAt, regimeOf } from './fold-regime';
import { documentFaults, isPolicyFact, policyRefusal, type PolicyRefusal } from './policy-facts';

type Policy = 'ConfigurationActivated' | 'PortfolioReviewed';

const told = <T extends Policy>(type: T, data: FactData[T], streamId = 'policy'): NewFact =>
  ({ ...past(type, data, 0, []), streamId }) as NewFact;

const document = (version: number, more: Partial<Configuration> = {}): Configuration => ({
  ...defaultConfiguration,
  version,
  ...more,
});
const activation = (version: number, config = document(version)): FactData['ConfigurationActivated'] => ({
  version,
  effectiveFrom: iso(),
  config,
});
const review = (asOf: string): FactData['PortfolioReviewed'] => ({ ...samples.PortfolioReviewed, asOf });

const refusalOf = (made: NewFact, ...earlier: ReadonlyArray<Parameters<typeof policyRefusal>[1][number]>) => {
  if (!isPolicyFact(made)) throw new Error('a fact about policy is judged here');
  return policyRefusal(made, earlier, { now: NOW, configuration: defaultConfiguration });
};
const refused = (code: PolicyRefusal['code'], path: string, message: RegExp) => ({
  code,
  errors: [{ path, message: expect.stringMatching(message) as string }],
});

const relationship = { ...defaultConfiguration.relationship, activityWindowDays: 1e300 };
const loyalty = { ...defaultConfiguration.loyalty, weights: { A: 2, B: 0.2, C: 0.25, D: 0.1 } };

describe('a fact about policy', () => {
  it('comes in as the next version, and as the next review', () => {
    expect(refusalOf(told('ConfigurationActivated', activation(1)))).toBeNull();
    expect(
      refusalOf(told('ConfigurationActivated', activation(2)), past('ConfigurationActivated', activation(1), 0, [])),
    ).toBeNull();
    expect(refusalOf(told('PortfolioReviewed', review(iso())))).toBeNull();
  });

  it.each<[string, NewFact, PolicyRefusal]>([
    [
      'a document whose weights do not sum to 1',
      told('ConfigurationActivated', activation(1, document(1, { loyalty }))),
      refused('ConfigInvalid', '/data/config/loyalty/weights', /^must sum to 1; the sum is 2\.55\d*; got \{"A":2/),
    ],
    [
      'a document with a number that no instant survives',
      told('ConfigurationActivated', activation(1, document(1, { relationship }))),
      refused('ConfigInvalid', '/data/config/relationship/activityWindowDays', /^must be 0\.\.1000000; got 1e\+300$/),
    ],
    [
      'a document of another version than its fact',
      told('ConfigurationActivated', activation(1, document(3))),
      refused('ConfigInvalid', '/data/config/version', /^must be 1, that of the command; got 3$/),
    ],
    [
      'a version that leaves a gap, up to the last one that can be counted',
      told('ConfigurationActivated', activation(Number.MAX_SAFE_INTEGER)),
      refused('ConfigInvalid', '/data/version', /^must be 1, one after the last; got 9007199254740991$/),
    ],
    [
      'a stream where the next command would not find it',
      told('ConfigurationActivated', activation(1), 'somewhere'),
      refused('ValidationFailed', '/streamid', /^must be policy for ConfigurationActivated; got "somewhere"$/),
    ],
    [
      'a review ahead of the clock',
      told('PortfolioReviewed', review('9999-12-31T23:59:59.999Z')),
      refused('OccurredInFuture', '/data/asOf', /lies ahead of the clock .+; got "9999-12-31T23:59:59.999Z"$/),
    ],
  ])('is refused with %s', (_, made, expected) => {
    expect(refusalOf(made)).toEqual(expected);
  });

  it('is refused with a version that was activated, or with a review that is not later than the last', () => {
    expect(
      refusalOf(told('ConfigurationActivated', activation(1)), past('ConfigurationActivated', activation(1), 0, [])),
    ).toEqual(refused('ConfigInvalid', '/data/version', /^must be 2, one after the last; got 1$/));
    expect(
      refusalOf(told('PortfolioReviewed', review(iso())), past('PortfolioReviewed', review(iso()), 0, [])),
    ).toEqual(refused('StaleReview', '/data/asOf', /^the last review is as of /));
  });

  it('is judged by its document alone where nothing is known of the log', () => {
    expect(documentFaults(past('ConfigurationActivated', activation(1), 0, []))).toEqual([]);
    expect(documentFaults(past('ConfigurationActivated', activation(2, document(1)), 0, []))).toMatchObject([
      { path: '/data/config/version' },
    ]);
    expect(documentFaults(past('PortfolioReviewed', review(iso()), 0, []))).toEqual([]);
  });
});

describe('the command', () => {
  it.each([
    ['an activity window of 1e300 days', { relationship }, '/config/relationship/activityWindowDays'],
    [
      'a tolerance below 0, by which nothing could be told or asked any more',
      { commands: { ...defaultConfiguration.commands, futureToleranceMinutes: -1 } },
      '/config/commands/futureToleranceMinutes',
    ],
    [
      'gaps that are no whole number',
      {
        loyalty: {
          ...defaultConfiguration.loyalty,
          behaviour: { ...defaultConfiguration.loyalty.behaviour, cadenceGaps: 0.5 },
        },
      },
      '/config/loyalty/behaviour/cadenceGaps',
    ],
  ])('refuses %s', (_, more, path) => {
    const officer = { actor: { kind: 'agent', id: 'officer', roles: ['revenue_officer'] } } as const;
    given()
      .when(activateConfiguration, activation(1, document(1, more)), officer)
      .thenRefused('ConfigInvalid', { path });
  });
});

describe('a log from before, with a document that no command would put in force', () => {
  const history = { partyId: 'p1', members: ['p1'], facts: [orderPlaced(0, 'o1')], referredOrders: [] };
  const at = (day: number, version: number, more: Partial<Configuration>) =>
    fact('ConfigurationActivated', day, {
      version,
      effectiveFrom: toIso(onDay(day)),
      config: document(version, more),
    });

  it('is folded by the last sound one', () => {
    const tenant = { timeZone: 'America/Bogota', reportingCurrency: 'COP' };
    const regime = regimeOf([at(1, 1, { tenant }), at(2, 2, { relationship })]);
    expect(policyAt(regime, onDay(3)).configuration).toMatchObject({ version: 1, tenant });
    expect(foldCustomer(history, regime, onDay(400)).standing).toEqual(
      foldCustomer(history, regimeOf([at(1, 1, { tenant })]), onDay(400)).standing,
    );
  });
});
