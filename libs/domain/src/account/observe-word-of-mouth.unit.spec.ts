import { given } from '../command/given-when-then';
import { observeWordOfMouth } from './observe-word-of-mouth';

const review = { partyId: 'customer', polarity: -0.8, reach: 'public', platform: 'reviews' } as const;
const remark = { ...review, reach: 'private', platform: 'phone' } as const;

describe('ObserveWordOfMouth', () => {
  it('records what was said, not verified unless it is said to be', () => {
    given()
      .when(observeWordOfMouth, review)
      .then(['WordOfMouthObserved', { ...review, verified: false }, ['customer']]);
    given()
      .when(observeWordOfMouth, { ...review, verified: true })
      .then(['WordOfMouthObserved', { ...review, verified: true }]);
  });

  it.each([-1, 0, 1])('takes a polarity of %d', (polarity) => {
    given()
      .when(observeWordOfMouth, { ...review, polarity })
      .thenAccepted();
  });

  it.each([-1.001, 1.001])('refuses a polarity of %d', (polarity) => {
    given()
      .when(observeWordOfMouth, { ...review, polarity })
      .thenRefused('ValidationFailed', { path: '/polarity' });
  });

  it.each([
    ['text', { text: 'Never again.' }],
    ['url', { url: 'https://example.org/1' }],
  ])('takes private words with their %s', (_, evidence) => {
    given()
      .when(observeWordOfMouth, { ...remark, ...evidence })
      .thenAccepted();
  });

  it.each([
    ['no evidence', {}],
    ['an empty text', { text: '' }],
    ['blanks', { text: '  ', url: ' ' }],
  ])('refuses private words with %s', (_, evidence) => {
    given()
      .when(observeWordOfMouth, { ...remark, ...evidence })
      .thenRefused('EvidenceRequired', { path: '/text' });
  });
});
