/**
 * Six calls that came while the cluster was away were answered after 30, 60, 90 … seconds: each began to wait
 * when its turn came (`docs/deploy.md`: answered after 30 seconds at most).
 */
import { StoreUnreachableError } from '@afecto/event-store';
import { oneByOne } from './one-by-one';

describe('calls that run one by one', () => {
  it('fail with the one before them when the log gave it no answer while they waited; later ones are tried', async () => {
    const tried: string[] = [];
    let isAway = true;
    const call = oneByOne(async (name: string) => {
      tried.push(name);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (isAway) throw new StoreUnreachableError('no answer for 30 s');
      return name;
    });
    const answers = await Promise.allSettled([call('first'), call('second'), call('third')]);
    expect(answers).toEqual(
      answers.map(() => ({ status: 'rejected', reason: new StoreUnreachableError('no answer for 30 s') })),
    );
    expect(tried).toEqual(['first']);
    isAway = false;
    expect(await call('later')).toBe('later');
  });

  it('do not share what one of them did wrong', async () => {
    const call = oneByOne(async (name: string) => {
      if (name === 'wrong') throw new Error(name);
      return name;
    });
    expect(await Promise.allSettled([call('wrong'), call('right')])).toMatchObject([
      { status: 'rejected' },
      { status: 'fulfilled', value: 'right' },
    ]);
  });
});
