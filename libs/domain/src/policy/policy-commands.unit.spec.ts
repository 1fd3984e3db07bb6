import { given, hours, iso, past } from '../command/given-when-then';
import { activateConfiguration } from './activate-configuration';
import { type Configuration, defaultConfiguration } from './configuration';
import { reviewPortfolio } from './review-portfolio';

const officer = { actor: { kind: 'agent', id: 'officer', roles: ['revenue_officer'] } } as const;
const document = (version = 1): Configuration => ({ ...defaultConfiguration, version });
const activation = (config: unknown = document()) => ({ version: 1, effectiveFrom: iso(hours(1)), config });
const activated = (version: number, offsetMs: number) =>
  past('ConfigurationActivated', { version, effectiveFrom: iso(), config: document(version) }, offsetMs, []);

/** The default document with one member changed; null removes it. */
const changed = (path: string, value: unknown): unknown => {
  const copy: unknown = JSON.parse(JSON.stringify(document()));
  const keys = path.slice(1).split('/');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<unknown>((node, key) => Reflect.get(Object(node), key), copy);
  if (value === null) Reflect.deleteProperty(Object(parent), last);
  else Reflect.set(Object(parent), last, value);
  return copy;
};

describe('ActivateConfiguration', () => {
  it('activates a complete document', () => {
    const outcome = given().when(activateConfiguration, activation(), officer);
    outcome.then(['ConfigurationActivated', { ...activation(), config: document() }, []]);
    expect(outcome.streamId).toBe('policy');
  });

  it.each([
    [0, 1, true],
    [1, 2, true],
    [1, 1, false],
    [1, 3, false],
    [0, 2, false],
  ])('after version %i, version %i', (last, version, isAllowed) => {
    const facts = last === 0 ? [] : [activated(last, -hours(1))];
    const body = { ...activation(document(version)), version };
    const outcome = given(...facts).when(activateConfiguration, body, officer);
    if (isAllowed) outcome.thenAccepted();
    else outcome.thenRefused('ConfigInvalid', { path: '/version' });
  });

  // coverage: 40, 128
  it.each([
    ['another version in the document', '/version', 2],
    ['weights that do not sum to 1', '/loyalty/weights/A', 0.46, '/loyalty/weights'],
    ['a negative weight', '/loyalty/weights/A', -0.45],
    ['a cut-off of defection at 0', '/loyalty/zones/defectionBelow', 0],
    ['a cut-off of affection at 100', '/loyalty/zones/affectionFrom', 100],
    ['cut-offs in the wrong order', '/loyalty/zones/affectionFrom', 40, '/loyalty/zones/defectionBelow'],
    ['a band of half the distance', '/loyalty/zones/band', 17.5],
    ['a negative band', '/loyalty/zones/band', -1],
    ['an immediate service over 180 s', '/service/immediateSeconds', 181],
    ['a deferred service over 24 h', '/service/deferredHours', 24.5],
    ['a resolution over 24 h', '/complaints/resolveHours', 25],
    ['a first answer over 24 h', '/queues/Q4/answerHours', 48],
    ['a first answer over 180 s', '/queues/Q4/syncAnswerSeconds', 200],
    ['no revenue officer', '/roleHolders/revenue_officer', null],
    ['an empty relationship manager', '/roleHolders/relationship_manager', ' '],
    ['a phase without a strategy', '/lifecycle/strategies/new/strategy', null],
    ['a phase without an owner', '/lifecycle/strategies/lost/owner', null],
    ['a missing section', '/service', null],
    ['a text for a number', '/service/deferredHours', 'a day'],
    ['an unknown time zone', '/tenant/timeZone', 'Mars/Olympus'],
    ['values that fall', '/loyalty/attitude/csatValues', [-1, -0.6, -0.2, 0.3, 0.2]],
    ['a half-life of 0', '/loyalty/attitude/halfLifeDays', 0],
    ['no agent work at all', '/queues/wipLimit', 0],
    [
      'a cap of no contact, which let one pass',
      '/queues/proactiveCaps',
      [{ contacts: 0, windowDays: 7 }],
      '/queues/proactiveCaps/0/contacts',
    ],
    [
      'a cap of half a contact',
      '/queues/proactiveCaps',
      [{ contacts: 0.5, windowDays: 7 }],
      '/queues/proactiveCaps/0/contacts',
    ],
    [
      'a cap over a window of the future',
      '/queues/proactiveCaps',
      [{ contacts: 1, windowDays: -7 }],
      '/queues/proactiveCaps/0/windowDays',
    ],
    ['gold below platinum', '/value/tiers/goldShare', 0.01],
    [
      'a proposition to no segment',
      '/propositions',
      [{ propositionId: 'p', segmentId: 's', statement: 'x' }],
      '/propositions/0/segmentId',
    ],
  ])('refuses %s', (_, path, value, faultAt = path) => {
    given()
      .when(activateConfiguration, activation(changed(path, value)), officer)
      .thenRefused('ConfigInvalid', { path: `/config${faultAt}` });
  });

  it.each([
    ['weights that sum to 1 within 1e-9', '/loyalty/weights/A', 0.45 + 5e-10],
    ['a band just under half the distance', '/loyalty/zones/band', 17.4999],
    ['shorter service times', '/service/immediateSeconds', 60],
  ])('accepts %s', (_, path, value) => {
    given()
      .when(activateConfiguration, activation(changed(path, value)), officer)
      .thenAccepted();
  });

  it('names every fault at once', () => {
    const body = activation({
      ...document(),
      service: { ...document().service, immediateSeconds: 999, deferredHours: 99 },
    });
    given()
      .when(activateConfiguration, body, officer)
      .thenRefused('ConfigInvalid', {
        details: {
          errors: [
            expect.objectContaining({ path: '/config/service/immediateSeconds' }),
            expect.objectContaining({ path: '/config/service/deferredHours' }),
          ],
        },
      });
  });

  // coverage: 114, 124
  it('refuses unknown fields and an incomplete initiative', () => {
    given()
      .when(activateConfiguration, activation({ ...document(), colour: 'red' }), officer)
      .thenRefused('ValidationFailed', { path: '/config/colour' });
    given()
      .when(activateConfiguration, { ...activation(), initiative: { initiativeId: 'i1' } }, officer)
      .thenRefused('ValidationFailed', { path: '/initiative/vision' });
  });

  it('is for officers', () => {
    given().when(activateConfiguration, activation()).thenRefused('Forbidden');
  });
});

describe('ReviewPortfolio', () => {
  const review = (offsetMs: number) => ({
    asOf: iso(offsetMs),
    baseSize: 0,
    rfmCuts: { r: null, f: null, m: null },
    tierCuts: { platinum: null, gold: null },
    heavyCut: null,
    medianIpiDays: null,
    segmentStats: [],
  });
  const system = { actor: { kind: 'system', id: 'scheduler', roles: [] } } as const;

  it('freezes the numbers', () => {
    given()
      .when(reviewPortfolio, review(0), system)
      .then(['PortfolioReviewed', review(0), []]);
  });

  it('moves strictly forward', () => {
    const last = past('PortfolioReviewed', review(-hours(24)), -hours(24), []);
    given(last)
      .when(reviewPortfolio, review(-hours(24) + 1), system)
      .thenAccepted();
    given(last)
      .when(reviewPortfolio, review(-hours(24)), system)
      .thenRefused('StaleReview', { path: '/asOf' });
  });

  it('does not look ahead', () => {
    given().when(reviewPortfolio, review(300_001), system).thenRefused('OccurredInFuture', { path: '/asOf' });
  });
});
