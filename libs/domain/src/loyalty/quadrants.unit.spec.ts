import fc from 'fast-check';
import { fact, onDay, orderPlaced } from '../customer/fact-builder';
import { advance, foldCustomer, foldFacts, startFold } from '../customer/fold';
import { foldDaily } from '../customer/fold-daily';
import { regimeOf } from '../policy/fold-regime';
import { DAY_MS } from '../time/calendar';

const regime = regimeOf([]);
const answer = (day: number, score: number) =>
  fact('SurveyAnswered', day, {
    surveyId: `s${day}`,
    partyId: 'p1',
    instrument: 'csat_relationship',
    score,
    scaleMin: 1,
    scaleMax: 5,
  });
const history = [
  ...[0, 30, 60, 90, 120].map((day) => orderPlaced(day, `o${day}`)),
  answer(45, 1),
  answer(100, 5),
  answer(110, 5),
].sort((one, other) => one.occurredAt - other.occurredAt);
const given = { partyId: 'p1', members: ['p1'], facts: history, referredOrders: [] };

describe('the history of quadrants (domain.md §7.5, §14.3)', () => {
  it('names every change with its facts, and time alone with none', () => {
    const { quadrants, quadrant } = foldCustomer(given, regime, onDay(900)).standing.loyalty;
    expect(quadrants.map(({ quadrant: entered, at }) => [entered, (at - onDay(0)) / DAY_MS])).toEqual([
      ['hostage', 45],
      ['defector', 164],
      ['mercenary', 776],
      ['defector', 831],
      [null, 841],
    ]);
    expect(quadrants.map(({ causedBy }) => causedBy)).toEqual([[history[2]?.eventId], [], [], [], []]);
    expect(quadrant).toBeNull();
  });

  it('is the same evaluated every single day', () => {
    expect(foldDaily(given, regime, onDay(900)).loyalty.quadrants).toEqual(
      foldCustomer(given, regime, onDay(900)).standing.loyalty.quadrants,
    );
  });

  it('is the same folded in any two steps', () => {
    const whole = foldCustomer(given, regime, onDay(200)).standing.loyalty.quadrants;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: history.length }), (at) => {
        const fold = startFold('p1', ['p1'], regime);
        foldFacts(fold, history.slice(0, at), regime, []);
        foldFacts(fold, history.slice(at), regime, []);
        expect(advance(fold, regime, onDay(200)).standing.loyalty.quadrants).toEqual(whole);
      }),
      { numRuns: history.length },
    );
  });
});
