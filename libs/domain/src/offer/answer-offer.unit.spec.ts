import * as fc from 'fast-check';
import { given, hours, iso, NOW, past, run } from '../command/given-when-then';
import { asked, type Modelled, type Played } from '../command/model-steps';
import type { FactData } from '../facts/catalogue';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
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
  readonly validUntilMinute: number;
}

describe('the offer as a state machine', () => {
  const configuration: Configuration = {
    ...defaultConfiguration,
    propositions: [{ propositionId: 'tea-club', segmentId: 'all', statement: 'Tea at home every month' }],
  };
  const permitted = { configuration, knowledge: { contact: { permitted: true } } } as const;
  const after = fc.integer({ min: 1, max: 30 });
  const make = fc
    .record({ after, validUntilMinute: fc.constantFrom(20, 60) })
    .map(({ after: minutes, validUntilMinute }) =>
      asked<Model>({
        name: `make until minute ${validUntilMinute}`,
        ask: (facts, at) =>
          run(makeOffer, { ...offer, validUntil: iso(validUntilMinute * 60_000) }, facts, { ...at, ...permitted }),
        after: minutes,
        expected: (model, minute) => {
          if (model.stage !== 'unknown') return model.validUntilMinute === validUntilMinute ? model : 'InvalidState';
          return minute >= validUntilMinute ? 'InvalidInterval' : { stage: 'made', validUntilMinute };
        },
      }),
    );
  const answer = fc
    .record({ after, answer: fc.constantFrom(...offerAnswers) })
    .map(({ after: minutes, answer: said }) =>
      asked<Model>({
        name: said,
        ask: (facts, at) => run(answerOffer, { offerId: 'f1', answer: said }, facts, at),
        after: minutes,
        expected: (model, minute) => {
          if (model.stage === 'unknown') return 'OfferNotFound';
          if (model.stage === 'answered') return 'OfferAlreadyAnswered';
          return minute >= model.validUntilMinute ? 'OfferExpired' : { ...model, stage: 'answered' };
        },
        always: (facts, { stage }) => {
          const both = ['OfferMade', 'OfferAnswered'];
          expect(facts.map(({ type }) => type)).toEqual(both.slice(0, ['unknown', 'made', 'answered'].indexOf(stage)));
        },
      }),
    );

  it('moves and refuses as the model does, whatever is asked', () => {
    fc.assert(
      fc.property(fc.commands([make, answer], { maxCommands: 8 }), (commands) => {
        const setup = (): { model: Modelled<Model>; real: Played } => ({
          model: { current: { stage: 'unknown', validUntilMinute: 0 } },
          real: { facts: [], minute: 0 },
        });
        fc.modelRun(setup, commands);
      }),
      { numRuns: 150 },
    );
  });
});
