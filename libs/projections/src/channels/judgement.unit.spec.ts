import { channelStatus, experienceGap, momentStatus, type Satisfaction } from './judgement';

/** So many answers, of which so many in the best two and the best class; `mean` in points. */
const rated = (answers: number, topTwo: number, topBox = topTwo, mean = 4): Satisfaction => ({
  answers,
  topTwo,
  topBox,
  milli: Math.round(answers * mean * 1_000),
});
const tenant = rated(1_000, 700, 400);
const served = { met: 0, missed: 0 };

// coverage: 14
describe('health of a channel (domain.md §4.4)', () => {
  it.each([
    ['exactly 10 pp below the tenant', rated(100, 60), served, 'ok'],
    ['a little more below', rated(100, 59), served, 'warn'],
    ['far below with 29 answers', rated(29, 0), served, 'insufficient'],
    ['far below with 30', rated(30, 0), served, 'warn'],
    ['90 % of 30 requests met', rated(0, 0), { met: 27, missed: 3 }, 'ok'],
    ['fewer met', rated(0, 0), { met: 26, missed: 4 }, 'warn'],
    ['fewer of 29 met', rated(0, 0), { met: 0, missed: 29 }, 'insufficient'],
    ['good answers do not make up for missed service', rated(100, 100), { met: 20, missed: 20 }, 'warn'],
  ] as const)('%s', (_, own, service, status) => {
    expect(channelStatus(own, tenant, service)).toBe(status);
  });
});

// coverage: 9
describe('a moment of truth (domain.md §4.3)', () => {
  it.each([
    [rated(30, 15, 15), 'differentiator'],
    [rated(100, 49, 49), 'ordinary'],
    [rated(100, 31, 31), 'ordinary'],
    [rated(30, 9, 9), 'pain_point'],
    [rated(29, 29, 29), 'insufficient'],
  ] as const)('%p is a %s', (own, status) => {
    expect(momentStatus(own, tenant)).toBe(status);
  });
});

// coverage: 13
describe('CX4, the experience gap (domain.md §4.4)', () => {
  it.each([
    [4.5, 4, false],
    [4.51, 4, true],
  ])('means of %d and %d: hit %p', (best, worst, hit) => {
    const channels = new Map([
      ['phone', rated(30, 0, 0, worst)],
      ['web', rated(100, 0, 0, best)],
      ['fax', rated(29, 0, 0, 1)],
    ]);
    expect(experienceGap(channels)).toMatchObject({ best: 'web', worst: 'phone', hit });
  });
  it('needs two channels with 30 answers', () => {
    expect(experienceGap(new Map([['web', rated(100, 100)]]))).toBeNull();
  });
});
