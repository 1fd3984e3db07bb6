import type { Afecto } from '@afecto/application';
import { type Json, policyAt } from '@afecto/domain';
import { type Figures, figures, type JsonObject } from '@afecto/projections';
import type { CheckedFigures, Row } from './checked-figures';

const named = (name: string): Figures => {
  const found = figures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there are no figures ${name}`);
  return found;
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const within = (answer: JsonObject, field: string): JsonObject => {
  const value = answer[field];
  if (!isObject(value)) throw new Error(`the answer has no ${field}`);
  return value;
};
const listIn = (answer: JsonObject, field: string): ReadonlyArray<JsonObject> => {
  const value = answer[field];
  if (!Array.isArray(value)) throw new Error(`the answer has no list ${field}`);
  return value.filter(isObject);
};
const fieldsOf = (answer: JsonObject, ...fields: ReadonlyArray<string>): Row =>
  Object.fromEntries(
    fields.map((field) => {
      const value = answer[field];
      return [field, typeof value === 'number' || typeof value === 'string' ? value : null];
    }),
  );

interface Scored {
  readonly party: string;
  readonly scores: Readonly<Record<'r' | 'f' | 'm' | 'code', number>>;
  readonly heavy: boolean;
}

/** Every customer who ever ordered, by party id, with the scores of the review. */
const scoredCustomers = async ({ answers }: Afecto): Promise<ReadonlyArray<Scored>> => {
  const scored: Scored[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: Awaited<ReturnType<typeof answers.parties>> = await answers.parties(
      {},
      { limit: 1_000, ...(after === '' ? {} : { after }) },
    );
    for (const { partyId } of page.items) {
      const profile = await answers.profile(partyId);
      const { rfm, heavyUser } = profile?.value ?? {};
      if (rfm) scored.push({ party: partyId, scores: rfm, heavy: heavyUser === true });
    }
    after = page.next;
  }
  return scored;
};

const byScore = (scored: ReadonlyArray<Scored>): ReadonlyArray<Row> =>
  (['r', 'f', 'm'] as const).flatMap((what) =>
    [1, 2, 3, 4, 5].flatMap((score) => {
      const customers = scored.filter(({ scores }) => scores[what] === score).length;
      return customers === 0 ? [] : [{ what, score, customers }];
    }),
  );

/**
 * All that is checked, as the figures, the profiles and the review in force say it, with the years in which
 * somebody ordered.
 */
export const systemFigures = async (afecto: Afecto, years: ReadonlyArray<number>): Promise<CheckedFigures> => {
  const { answers, projections, settings } = afecto;
  const { review } = policyAt(projections.engine.world.regime, settings.now());
  if (review === null) throw new Error('there is no review');
  const scored = await scoredCustomers(afecto);
  const [money, bought, kept]: [Row[], Row[], Row[]] = [[], [], []];
  let customers: JsonObject = {};
  for (const year of years) {
    const window = { from: Date.UTC(year, 0, 1), to: Date.UTC(year, 11, 31) };
    const scorecard = await answers.figures(named('scorecard'), window);
    const retention = await answers.figures(named('defection-retention'), window);
    customers = within(scorecard, 'customers');
    const name = { year: String(year) };
    money.push({ ...name, ...fieldsOf(within(scorecard, 'corporate'), 'orders', 'revenueMinor', 'marginMinor') });
    bought.push({ ...name, ...fieldsOf(retention, 'newCustomers') });
    kept.push({
      ...name,
      ...fieldsOf(retention, 'activeAtStart', 'activeAtEnd', 'newAtEnd', 'retentionRate', 'churnRate'),
    });
  }
  const cohorts = await answers.figures(named('cohorts'), {
    from: Date.UTC(Math.min(...years), 0, 1),
    to: Date.UTC(Math.max(...years), 11, 31),
  });
  const segments = await answers.figures(named('segments'));
  const { rfmCuts, tierCuts } = review;
  return {
    'RFM cut points': (['f', 'm', 'r'] as const).flatMap((what) =>
      (rfmCuts[what] ?? []).map((cut, index) => ({ what, fifth: index + 1, cut })),
    ),
    'customers by score': byScore(scored),
    'RFM code of every customer': scored.map(({ party, scores }) => ({ party, code: scores.code })),
    'cuts of the pyramid': (['platinum', 'gold'] as const).flatMap((cut) => {
      const last = tierCuts[cut];
      return last === null ? [] : [{ cut, party: last.partyId, minor: last.cm365Minor, days: last.longevityDays }];
    }),
    'heavy users': scored.flatMap(({ party, heavy }) => (heavy ? [{ party }] : [])),
    'Pareto check': [fieldsOf(within(segments, 'pareto'), 'customers', 'topShare', 'neededShare')],
    'revenue, margin and orders by year': money,
    'new customers by year': bought,
    'customers and repeat rate': [
      {
        customers: fieldsOf(customers, 'customersEver')['customersEver'] ?? null,
        ...fieldsOf(customers, 'repeatRate'),
      },
    ],
    'cohort table': listIn(cohorts, 'cohorts').flatMap((cohort) =>
      listIn(cohort, 'later').map((later) => ({
        ...fieldsOf(cohort, 'cohort'),
        ...fieldsOf(later, 'month', 'customers', 'share'),
      })),
    ),
    'retention by year': kept,
  };
};
