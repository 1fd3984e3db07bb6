import type { SurveyEvidence } from '@afecto/domain';
import fc from 'fast-check';
import { measuredBy, netPromoter, noAnswers, scoredOf } from './measures';

const answer = (instrument: SurveyEvidence['instrument'], score: number, scale: [number, number]): SurveyEvidence => ({
  surveyId: 's',
  eventId: 'e',
  at: 0,
  instrument,
  score,
  scaleMin: scale[0],
  scaleMax: scale[1],
  aboutEventId: null,
  empathy: null,
  verbatim: false,
});

describe('NPS with its margin (domain.md §13.4)', () => {
  // coverage: 113
  it.each([
    [50, 30, 20, '30.00', '15.31'],
    [3, 5, 2, '10.00', '43.39'],
  ])('%d promoters, %d passives, %d detractors', (promoters, passives, detractors, nps, margin) => {
    const measured = netPromoter(promoters, passives, detractors);
    expect([measured.nps.toFixed(2), measured.margin.toFixed(2)]).toEqual([nps, margin]);
  });

  it('is the whole number that the counts make', () => {
    expect(netPromoter(57, 43, 0).nps).toBe(57);
  });

  it('lies in −100..100, and all of one kind leave no margin', () => {
    const some = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(some, some, some, (promoters, passives, detractors) => {
        fc.pre(promoters + passives + detractors > 0);
        const { nps, margin } = netPromoter(promoters, passives, detractors);
        expect(Math.abs(nps)).toBeLessThanOrEqual(100);
        expect(margin).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
    expect(netPromoter(7, 0, 0)).toEqual({ nps: 100, margin: 0 });
  });
});

describe('an answer on the scale of its instrument', () => {
  it.each<[SurveyEvidence['instrument'], number, [number, number], string]>([
    ['nps', 9, [0, 10], 'best'],
    ['nps', 8, [0, 10], 'good'],
    ['nps', 7, [0, 10], 'good'],
    ['nps', 6, [0, 10], 'rest'],
    ['csat_transactional', 5, [1, 5], 'best'],
    ['csat_transactional', 4, [1, 5], 'good'],
    ['csat_transactional', 3.9, [1, 5], 'rest'],
    ['csat_relationship', 10, [0, 10], 'best'],
    ['csat_relationship', 7.5, [0, 10], 'good'],
    ['ces', 5, [1, 7], 'best'],
    ['ces', 4, [1, 7], 'rest'],
  ])('%s %d of %p is %s', (instrument, score, scale, of) => {
    expect(scoredOf(answer(instrument, score, scale))?.class).toBe(of);
  });

  it('one whose scale has no length says nothing', () => {
    expect(scoredOf(answer('csat_relationship', 3, [3, 3]))).toBeNull();
  });
});

describe('figures from 30 answers on (domain.md §13.4)', () => {
  it.each([
    [29, 'n<30'],
    [30, 1],
  ])('%d answers show %p', (best, shown) => {
    const measured = measuredBy('csat_relationship', { ...noAnswers, best, milli: best * 5_000 });
    expect(measured).toMatchObject({ answers: best, topBox: best, topTwoShare: shown, topBoxShare: shown });
    expect(measured['mean']).toBe(best < 30 ? 'n<30' : 5);
  });

  it('CSAT top-2 never comes without top-box, CES has mean and share from 5 on, no answers no figure', () => {
    expect(measuredBy('csat_transactional', { best: 12, good: 18, rest: 10, milli: 0 })).toMatchObject({
      topTwoShare: 0.75,
      topBoxShare: 0.3,
    });
    expect(measuredBy('ces', { best: 30, good: 0, rest: 10, milli: 200_000 })).toEqual({
      answers: 40,
      easy: 30,
      easyShare: 0.75,
      mean: 5,
    });
    expect(measuredBy('nps', noAnswers)).toMatchObject({ answers: 0, nps: null, margin: null });
  });
});
