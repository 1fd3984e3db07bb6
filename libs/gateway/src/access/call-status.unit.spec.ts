import { status } from '@grpc/grpc-js';
import type { WireError } from '../log/wire-log';
import { FilterTooSlowError } from '../log/bounded-matches';
import { callStatusOf, statusOfException } from './call-status';

const trailersOf = (error: WireError): Record<string, unknown> => callStatusOf(error).metadata.getMap();

describe('errors of the log as status and trailers', () => {
  it.each<[WireError, status, Record<string, string>]>([
    [
      { code: 'WrongExpectedVersion', streamId: 'order-1', expected: 4n, actual: 7n },
      status.FAILED_PRECONDITION,
      { exception: 'wrong-expected-version', 'stream-name': 'order-1', 'expected-version': '4', 'actual-version': '7' },
    ],
    [
      { code: 'WrongExpectedVersion', streamId: 'order-1', expected: 'streamExists', actual: null },
      status.FAILED_PRECONDITION,
      {
        exception: 'wrong-expected-version',
        'stream-name': 'order-1',
        'expected-version': '-4',
        'actual-version': '-1',
      },
    ],
    [
      { code: 'StreamDeleted', streamId: 'order-1' },
      status.FAILED_PRECONDITION,
      { exception: 'stream-deleted', 'stream-name': 'order-1' },
    ],
    [
      { code: 'StreamNotFound', streamId: 'order-1' },
      status.NOT_FOUND,
      { exception: 'stream-not-found', 'stream-name': 'order-1' },
    ],
    [{ code: 'AccessDenied', message: 'no' }, status.PERMISSION_DENIED, { exception: 'access-denied' }],
    [
      { code: 'MaximumAppendSizeExceeded', maximum: 1024 },
      status.INVALID_ARGUMENT,
      { exception: 'maximum-append-size-exceeded', 'maximum-append-size': '1024' },
    ],
    [{ code: 'InvalidArgument', message: 'no' }, status.INVALID_ARGUMENT, {}],
    [{ code: 'Unavailable', message: 'no' }, status.UNAVAILABLE, {}],
  ])('%j', (error, code, trailers) => {
    expect(callStatusOf(error).code).toBe(code);
    expect(trailersOf(error)).toEqual(trailers);
  });

  it('a filter that takes too long is the fault of its client', () => {
    expect(statusOfException(new FilterTooSlowError(/^(x+)+$/))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('^(x+)+$'),
    });
  });

  it('a name that no header can carry is percent-encoded', () => {
    expect(trailersOf({ code: 'StreamDeleted', streamId: 'café' })['stream-name']).toBe('caf%C3%A9');
  });
});
