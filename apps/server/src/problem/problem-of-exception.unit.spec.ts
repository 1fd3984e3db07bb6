import { ProjectionsBehindError } from '@afecto/application';
import { StoreClosedError, StoreUnreachableError } from '@afecto/event-store';
import { problemOfException } from './problem-of-exception';

describe('an exception at the door', () => {
  it.each([
    ['the log is closed', new StoreClosedError('log'), 'StoreClosed'],
    ['the log gives no answer', new StoreUnreachableError('no answer'), 'StoreFailed'],
    ['a disk is full', Object.assign(new Error('database or disk is full'), { errcode: 13 }), 'StoreFailed'],
    ['the projections do not come up to the log', new ProjectionsBehindError('behind'), 'NotYetProjected'],
  ])('is answered 503, to be sent again, when %s', (_when, error, code) => {
    const found = problemOfException(error, { method: 'POST', path: '/v1/commands/RegisterParty', methods: ['POST'] });
    expect(found?.problem).toMatchObject({ status: 503, code });
    expect(found?.headers).toEqual({ 'Retry-After': '1' });
  });

  it('is a bug when nobody knows it', () => {
    expect(problemOfException(new Error('x'), { method: 'GET', path: '/', methods: ['GET'] })).toBeNull();
  });
});
