import { figures, partyViews } from '@afecto/projections';
import { projectionNames } from './rebuild';

describe('the projections that can be compared alone', () => {
  it('are all of the specification, in its order (domain.md §16)', () => {
    expect(projectionNames).toEqual(
      Array.from({ length: 20 }, (_, index) => `PR${String(index + 1).padStart(2, '0')}`),
    );
  });

  it.each([...figures, ...partyViews].map(({ code, name }) => [code, name]))('hold %s %s', (code) => {
    expect(projectionNames).toContain(code);
  });
});
