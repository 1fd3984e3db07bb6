import { toIso } from '@afecto/domain';
import { cloudEvent, type GivenAfecto, givenAfecto, onDay, OPERATOR, order } from '../testing/given-afecto';
import type { Afecto } from '../system/open';

let given: GivenAfecto;
let afecto: Afecto;
beforeEach(async () => {
  given = givenAfecto(200);
  afecto = await given.open();
});
afterEach(async () => {
  await afecto.close();
  given.remove();
});

let commands = 0;
/** An enrolment that took place on a day, and ends on another one. */
const enrol = (day: number, until?: number) =>
  afecto.commands.execute({
    name: 'EnrolMembership',
    body: {
      partyId: 'ana',
      programId: 'club',
      type: 'continuous',
      ...(until === undefined ? {} : { validTo: toIso(onDay(until)) }),
    },
    commandId: `enrol-${(commands += 1)}`,
    actor: OPERATOR,
    occurredAt: onDay(day),
  });

/**
 * Only the memberships of the instant of the enrolment were asked for: one dated before another that began since
 * made a second active membership in the same programme.
 */
it('a customer has one active membership in a programme, also when one is told of late', async () => {
  await given.accept(afecto, [
    order('o1', 10, 'ana'),
    cloudEvent('MembershipEnrolled', 100, 'ana', {
      membershipId: 'm1',
      partyId: 'ana',
      programId: 'club',
      type: 'continuous',
      validTo: toIso(onDay(150)),
    }),
  ]);
  const taken = { left: { code: 'AlreadyMember', details: { membershipId: 'm1' } } };
  expect(await enrol(50)).toMatchObject(taken);
  expect(await enrol(50, 101)).toMatchObject(taken);
  expect(await enrol(149)).toMatchObject(taken);
  expect(await enrol(50, 100)).toMatchObject({ _tag: 'Right' });
  expect(await enrol(150)).toMatchObject({ _tag: 'Right' });
});
