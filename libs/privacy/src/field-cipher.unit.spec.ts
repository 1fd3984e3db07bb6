import { createSecretKey } from 'node:crypto';
import { FieldKey, openValue, placeOf, sealValue, unwrapKey, wrapKey } from './field-cipher';

const place = placeOf('event', 'PartyRegistered', '/displayName', 'ana');
const key = new FieldKey('a-key', Buffer.alloc(32, 7));

/** As logs and key stores have had them since there are any: written down, so that no change of ours changes them. */
const SEALED = {
  kid: 'a-key',
  nonce: 'BBl9Tk8a93+xRNsq',
  ct: 'ycKQWPMSPA3KwnSZ',
  tag: 'kw0tvUp9OY31WKlr1c42gg==',
};
const WRAPPED = 'vt4bUrdEJ86XcnzgiAcnT34wCgunMAtJbBvRdYN9D1naUaUU3lmZAd4gxZ0g6D1FN9/lz49mmES6QkZy';

describe('the form in which values and keys are kept', () => {
  const master = createSecretKey(Buffer.alloc(32, 1));

  it('of a sealed value is that of the logs there are', () => {
    expect(sealValue(key, place, 'Ana Pérez')).toEqual(SEALED);
    expect(openValue(key, place, SEALED)).toBe('Ana Pérez');
    expect(openValue(key, `${place}x`, SEALED)).toBeUndefined();
  });

  it('of a wrapped key is that of the key stores there are', () => {
    const wrapped = Buffer.from(WRAPPED, 'base64');
    expect(unwrapKey(master, 'ana|identity|a-key', wrapped)).toEqual(Buffer.alloc(32, 7));
    expect(unwrapKey(master, 'bea|identity|a-key', wrapped)).toBeNull();
    const again = wrapKey(master, 'ana|identity|a-key', Buffer.alloc(32, 7), wrapped.subarray(0, 12));
    expect(again).toEqual(wrapped);
  });
});
