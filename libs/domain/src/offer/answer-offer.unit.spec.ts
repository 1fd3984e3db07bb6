import * as fc from 'fast-check';
import { given, hours, iso, NOW, past, run } from '../command/given-when-then';
import { type Step, walk } from '../command/walks';
import type { FactData } from '../facts/catalogue';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { MINUTE_MS } from '../time/calendar';
import { answerOffer } from './answer-offer';
import { offerAnswers } from './events';
import { makeOffer } from './make-offer';

const offer = {
  offerId: 'f1',
  partyId: 'customer',
  kind: 'retention',
  skus: ['green'],
  netMinor: 900,
  listMinor: 1_000,
  channel: 'phone',
  propositionId: 'tea-club',
} as const;
const made = (validUntil = iso(1), offsetMs = -hours(1)) =>
  past('OfferMade', { ...offer, validUntil, appliedPreferenceIds: [] }, offsetMs);
const answered = (answer: FactData['OfferAnswered']['answer'], offsetMs = -hours(0.5)) =>
  past('OfferAnswered', { offerId: 'f1', answer }, offsetMs);

describe('AnswerOffer', () => {
  it.each([
    [{ answer: 'accepted', orderId: 'o1' }],
    [{ answer: 'accepted' }],
    [{ answer: 'declined', reason: 'price' }],
  ] as const)('records %j', (said) => {
    given(made())
      .when(answerOffer, { offerId: 'f1', ...said })
      .then(['OfferAnswered', { offerId: 'f1', ...said }, ['customer']]);
  });

  it.each([['accepted'], ['declined']] as const)('is given once: %s', (answer) => {
    given(made(), answered(answer))
      .when(answerOffer, { offerId: 'f1', answer: 'accepted' })
      .thenRefused('OfferAlreadyAnswered', { details: { answer } });
  });

  it('comes before the offer ends: a millisecond before, not at that instant', () => {
    given(made(iso(1)))
      .when(answerOffer, { offerId: 'f1', answer: 'accepted' })
      .thenAccepted();
    given(made(iso()))
      .when(answerOffer, { offerId: 'f1', answer: 'accepted' })
      .thenRefused('OfferExpired', { details: { validUntil: iso() } });
  });

  it('counts when it was given, though it is recorded after the end', () => {
    given(made(iso(-hours(0.5))))
      .when(answerOffer, { offerId: 'f1', answer: 'accepted' }, { occurredAt: NOW - hours(0.5) - 1 })
      .thenAccepted();
  });

  it('does not come before the offer, and an imported one that does still stands', () => {
    given(made(iso(1), -hours(1)))
      .when(answerOffer, { offerId: 'f1', answer: 'accepted' }, { occurredAt: NOW - hours(1) - 1 })
      .thenRefused('InvalidInterval', { path: '/occurredAt' });
    given(answered('declined', -hours(2)), made())
      .when(answerOffer, { offerId: 'f1', answer: 'accepted' })
      .thenRefused('OfferAlreadyAnswered');
  });

  it('refuses an unknown offer and an unknown answer', () => {
    given().when(answerOffer, { offerId: 'f1', answer: 'accepted' }).thenRefused('OfferNotFound');
    given(made())
      .when(answerOffer, { offerId: 'f1', answer: 'maybe' })
      .thenRefused('ValidationFailed', { path: '/answer' });
  });
});

/** Made, then answered in time, each once; written down a second time. */
interface Model {
  readonly stage: 'unknown' | 'made' | 'answered';
  /** Milliseconds since `NOW`. */
  readonly validUntil: number;
}

const configuration: Configuration = {
  ...defaultConfiguration,
  propositions: [{ propositionId: 'tea-club', segmentId: 'all', statement: 'Tea at home every month' }],
};
const permitted = { configuration, knowledge: { contact: { permitted: true } } } as const;

const make = (waitMinutes: number, validUntil: number): Step<Model> => ({
  name: `make until ${iso(validUntil)}`,
  waitMinutes,
  ask: (facts, occurredAt, now) =>
    run(makeOffer, { ...offer, validUntil: iso(validUntil) }, facts, { occurredAt, now, ...permitted }).decision,
  expected: (model, at) => {
    if (model.stage !== 'unknown') return model.validUntil === validUntil ? model : 'InvalidState';
    return at >= NOW + validUntil ? 'InvalidInterval' : { stage: 'made', validUntil };
  },
});

const answer = (waitMinutes: number, said: FactData['OfferAnswered']['answer']): Step<Model> => ({
  name: said,
  waitMinutes,
  ask: (facts, occurredAt, now) =>
    run(answerOffer, { offerId: 'f1', answer: said }, facts, { occurredAt, now }).decision,
  expected: (model, at) => {
    if (model.stage === 'unknown') return 'OfferNotFound';
    if (model.stage === 'answered') return 'OfferAlreadyAnswered';
    return at >= NOW + model.validUntil ? 'OfferExpired' : { ...model, stage: 'answered' };
  },
});

describe('the offer as a state machine', () => {
  it('moves and refuses as the model does, whatever is asked', () => {
    const waitMinutes = fc.integer({ min: 1, max: 30 });
    walk<Model>({
      start: { stage: 'unknown', validUntil: 0 },
      steps: [
        fc.tuple(waitMinutes, fc.constantFrom(20 * MINUTE_MS, 60 * MINUTE_MS)).map((said) => make(...said)),
        fc.tuple(waitMinutes, fc.constantFrom(...offerAnswers)).map((said) => answer(...said)),
      ],
      agrees: ({ stage }, facts) => {
        const both = ['OfferMade', 'OfferAnswered'];
        expect(facts.map(({ type }) => type)).toEqual(both.slice(0, ['unknown', 'made', 'answered'].indexOf(stage)));
      },
    });
  });
});
