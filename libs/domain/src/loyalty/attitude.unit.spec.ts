import fc from 'fast-check';
import { defaultConfiguration } from '../policy/configuration';
import { DAY_MS } from '../time/calendar';
import { attitudeTerms } from './attitude';
import { day, evidenceOf, ORIGIN } from './evidence-builder';

const days = fc.integer({ min: -200, max: -1 });
const complaint = fc.record({
  receivedAt: fc.option(days.map(day)),
  verdict: fc.option(fc.integer({ min: 1, max: 5 })),
  verdictAt: fc.option(days.map(day)),
});

describe('a survey answer (domain.md §7.3 A)', () => {
  it('counts less from 7 days before a complaint until the follow-up that found it recovered, whatever other complaints there are', () => {
    const { recoveredFrom } = defaultConfiguration.complaints;
    const { recoveredSurveyLeadDays } = defaultConfiguration.loyalty.attitude;
    const lead = recoveredSurveyLeadDays * DAY_MS;
    let superseded = 0;
    fc.assert(
      fc.property(
        fc.array(complaint, { maxLength: 12 }),
        fc.uniqueArray(days, { minLength: 1, maxLength: 20 }),
        (complaints, answeredOn) => {
          const evidence = evidenceOf({
            complaints: complaints.map((given) => ({ ...given, severity: 1 as const })),
            surveys: answeredOn.toSorted((a, b) => a - b).map((at) => ({ at: day(at), score: 5 })),
          });
          for (const { at, source } of attitudeTerms(evidence, defaultConfiguration, ORIGIN)) {
            if (source.kind !== 'survey') continue;
            const spoken = complaints.some(
              ({ receivedAt, verdict, verdictAt }) =>
                receivedAt !== null &&
                verdict !== null &&
                verdictAt !== null &&
                verdict >= recoveredFrom &&
                at >= receivedAt - lead &&
                at < verdictAt,
            );
            expect([at, source.superseded]).toEqual([at, spoken]);
            if (spoken) superseded += 1;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(superseded).toBeGreaterThan(200);
  });
});
