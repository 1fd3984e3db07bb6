import { givenGateway } from '../server/testing/given-gateway';
import { kurrentClient } from '../server/testing/kurrent-client';
import { collected } from '../server/testing/official-client';
import { aStream, arbitraryEvent, specifyAppends } from './testing/append-specification';
import { specifyReads } from './testing/read-specification';
import { specifySubscriptions } from './testing/subscribe-specification';

describe('@kurrent/kurrentdb-client on the gateway', () => {
  specifyAppends(kurrentClient);
  specifyReads(kurrentClient);
  specifySubscriptions(kurrentClient);

  it('plain reads of $all take a filter too', async () => {
    const gateway = await givenGateway();
    const client = kurrentClient(gateway.url);
    const streamId = aStream();
    for (const type of ['ParcelSent', 'OrderNoted', 'ParcelLost', 'OrderNoted'])
      await client.append(streamId, [arbitraryEvent({ type })]);
    const read = async (filter: { readonly prefixes?: ReadonlyArray<string>; readonly regex?: string }) =>
      (await collected(client.readAll({ filter: { on: 'type', ...filter } }))).map(({ event }) => event?.type);
    expect(await read({ prefixes: ['Parcel'] })).toEqual(['ParcelSent', 'ParcelLost']);
    expect(await read({ regex: 'Lost$' })).toEqual(['ParcelLost']);
    await client.dispose();
    await gateway.stop();
  });
});
