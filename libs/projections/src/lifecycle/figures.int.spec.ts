import { defaultConfiguration } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { lifecycleFigures } from './figures';

const { lifecycle } = defaultConfiguration;
const configured = (strategies: typeof lifecycle.strategies) =>
  said('ConfigurationActivated', 100, {
    version: 1,
    effectiveFrom: isoDaysAgo(100),
    config: { ...defaultConfiguration, version: 1, lifecycle: { ...lifecycle, strategies } },
  });

describe('the funnel (PR05, domain.md §4.1)', () => {
  // coverage: 10
  it('lists phases without a strategy, and those for which nobody answers', async () => {
    const { strategies } = lifecycle;
    const given = await givenCustomers([
      configured({
        ...strategies,
        lost: { ...strategies.lost, strategy: ' ' },
        new: { ...strategies.new, owner: '' },
      }),
      ordered('p1', 10, 'o1'),
    ]);
    expect(await given.figures(lifecycleFigures)).toMatchObject({ withoutStrategy: ['new', 'lost'] });
    const whole = await givenCustomers([configured(strategies), ordered('p1', 10, 'o1')]);
    expect(await whole.figures(lifecycleFigures)).toMatchObject({ withoutStrategy: [] });
  });
});
