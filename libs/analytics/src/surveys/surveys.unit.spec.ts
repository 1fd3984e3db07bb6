import { DAY_MS } from '@afecto/domain';
import { latestAnswers } from './latest-answers';
import { effort, recommendation, satisfaction } from './measures';

const answers = (promoters: number, passives: number, detractors: number): ReadonlyArray<number> => [
  ...Array.from({ length: promoters }, () => 10),
  ...Array.from({ length: passives }, () => 8),
  ...Array.from({ length: detractors }, () => 3),
];

describe('NPS (domain.md §13.4)', () => {
  it.each([
    [50, 30, 20, 30, 15.31, false],
    [3, 5, 2, 10, 43.39, true],
  ])(
    'of %d promoters, %d passives, %d detractors is %d ± %d',
    (promoters, passives, detractors, score, margin, few) => {
      const found = recommendation(answers(promoters, passives, detractors));
      expect(found).toMatchObject({ promoters, passives, detractors, tooFew: few });
      expect(found?.score).toBeCloseTo(score, 10);
      expect(found?.margin).toBeCloseTo(margin, 2);
    },
  );

  it('counts 9 for, 7 and 8 for nothing, 6 against', () => {
    expect(recommendation([10, 9, 8, 7, 6, 0])).toMatchObject({ promoters: 2, passives: 2, detractors: 2, score: 0 });
    expect(recommendation([])).toBeNull();
  });

  it('is a bare figure from 30 answers on', () => {
    expect([29, 30].map((n) => recommendation(answers(n, 0, 0))?.tooFew)).toEqual([true, false]);
  });
});

describe('CSAT and CES (domain.md §13.4)', () => {
  it('CSAT is the share of 4 and 5, with that of 5 beside it', () => {
    expect(satisfaction([5, 5, 4, 3, 1])).toEqual({ answers: 5, tooFew: true, topTwo: 0.6, topBox: 0.4 });
    expect(satisfaction([])).toBeNull();
  });
  it('CES is a mean and the share of 5 and more of 7', () => {
    expect(effort([7, 5, 4, 2])).toEqual({ answers: 4, tooFew: true, mean: 4.5, easy: 0.5 });
    expect(effort([])).toBeNull();
  });
});

describe('the answers that count (domain.md §13.4)', () => {
  const answer = (partyId: string, instrument: string, day: number, value: number) => ({
    partyId,
    instrument,
    at: day * DAY_MS,
    value,
  });
  it('are the latest of each party to each instrument in the window', () => {
    const given = [
      answer('p1', 'nps', 10, 3),
      answer('p1', 'nps', 20, 9),
      answer('p1', 'csat', 15, 4),
      answer('p2', 'nps', 12, 7),
      answer('p2', 'nps', 31, 10),
      answer('p3', 'nps', 0, 10),
    ];
    expect(latestAnswers(given, 30 * DAY_MS, 30)).toEqual([given[1], given[2], given[3]]);
    expect(latestAnswers(given, 30 * DAY_MS, 31)).toContain(given[5]);
  });
});
