import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { ERASED, type PersonalClass } from '@afecto/domain';
import type { AppendRequest } from '@afecto/event-store';
import { erasureIn } from './erasure-event';
import { AT, factOf, type GivenSealed, givenSealed, registered, right } from './testing/given-sealed';

const NAME = 'Ana Pérez';
const WORDS = 'The parcel stood in the rain';

let given: GivenSealed;
beforeEach(() => {
  given = givenSealed();
});
afterEach(() => given.remove());

/** An enquiry of ana, so many milliseconds after the clock's now. */
const enquiry = (id: string, text: string, after: number) => {
  const request = factOf(
    'EnquiryReceived',
    { enquiryId: id, partyId: 'ana', channel: 'web', productLine: 'books', text },
    id,
  );
  const [event] = request.events;
  if (event === undefined) throw new Error('a fact is an event');
  const occurredAt = new Date(AT + after).toISOString();
  return { ...request, events: [{ ...event, metadata: { ...event.metadata, occurredAt } }] };
};
const erased = (id: string, classes?: ReadonlyArray<PersonalClass>) =>
  factOf('PersonalDataErased', { partyId: 'ana', keyIds: ['k'], basis: 'test', ...(classes && { classes }) }, id);
const shown = async (): Promise<ReadonlyArray<unknown>> => {
  const values: unknown[] = [];
  for await (const page of given.store().readAll({ types: ['PartyRegistered', 'EnquiryReceived'] }))
    values.push(...page.map(({ data }) => Object(data)['displayName'] ?? Object(data)['text']));
  return values;
};
const append = async (...requests: ReadonlyArray<AppendRequest>) => {
  for (const outcome of await given.store().appendMany(requests)) right(outcome);
};

describe('the key of free text alone', () => {
  beforeEach(() => append(registered('ana', NAME), enquiry('e1', WORDS, -5)));

  it('goes without that of the name, and comes anew for what is said afterwards', async () => {
    await append(
      erased('x1', ['content']),
      enquiry('e2', 'Said before, told late', -1),
      enquiry('e3', 'Said since', 1),
    );
    expect(await shown()).toEqual([NAME, ERASED, ERASED, 'Said since']);
    await given.reopen();
    expect(await shown()).toEqual([NAME, ERASED, ERASED, 'Said since']);
    expect(given.store().keys.ringOf('ana')).toMatchObject({ destroyed: { size: 1 }, keys: { size: 2 } });
    expect(given.filesWith('told late')).toEqual([]);
  });

  it('goes once by one erasure, however often that is told', async () => {
    const expiry = erased('x1', ['content']);
    await append(expiry, enquiry('e3', 'Said since', 1));
    await append(expiry);
    expect(await shown()).toEqual([NAME, ERASED, 'Said since']);
    given.store().keys.finish(
      given
        .store()
        .keys.pendingErasures()
        .map(({ eventId }) => eventId),
    );
    await append(expiry);
    expect(await shown()).toEqual([NAME, ERASED, 'Said since']);
  });

  it('goes once, also when a crash came before the event that tells of it', async () => {
    const expiry = erased('x1', ['content']);
    const begun = erasureIn(expiry.streamId, expiry.events);
    given.store().keys.erase(['ana'], begun);
    await append(enquiry('e3', 'Said since', 1));
    await append(expiry);
    expect(await shown()).toEqual([NAME, ERASED, 'Said since']);
  });

  it('goes with that of the name, for good', async () => {
    await append(erased('x1', ['content']), enquiry('e3', 'Said since', 1), erased('x2', ['identity']));
    await append(enquiry('e4', 'Said to nobody', 2));
    expect(await shown()).toEqual([ERASED, ERASED, ERASED, ERASED]);
    expect(given.store().keys.ringOf('ana')?.keys.size).toBe(0);
  });

  it('stays away when the key store is restored from a copy of before', async () => {
    await given.reopen();
    const { keyStore } = given.files;
    copyFileSync(keyStore, `${keyStore}.copy`);
    await append(erased('x1', ['content']));
    await given.store().close();
    copyFileSync(`${keyStore}.copy`, keyStore);
    for (const suffix of ['-wal', '-shm']) if (existsSync(keyStore + suffix)) rmSync(keyStore + suffix);
    await given.reopen();
    expect(await shown()).toEqual([NAME, ERASED]);
    await append(enquiry('e2', 'Said before, told late', -1), enquiry('e3', 'Said since', 1));
    expect(await shown()).toEqual([NAME, ERASED, ERASED, 'Said since']);
  });
});
