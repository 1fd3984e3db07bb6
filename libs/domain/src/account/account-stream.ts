import type { CommandContext } from '../command/definition';
import { membersOf, rootOf } from '../command/knowledge';

interface AboutParty {
  readonly partyId: string;
}

/** The stream of the relationship facts of a party; that of the survivor for an absorbed one (`domain.md §14.2`). */
export const accountOf = ({ partyId }: AboutParty, { knowledge }: Pick<CommandContext, 'knowledge'>): string =>
  `account-${rootOf(knowledge, partyId)}`;

/** The accounts of the parties that were merged into this one. */
export const absorbedAccountsOf = (
  about: AboutParty,
  context: Pick<CommandContext, 'knowledge'>,
): ReadonlyArray<string> =>
  membersOf(context.knowledge, about.partyId)
    .map((member) => `account-${member}`)
    .filter((stream) => stream !== accountOf(about, context));

/** What all commands share that write to the account of one known party. */
export const onAccount = {
  needs: ({ partyId }: AboutParty) => ({ parties: [partyId] }),
  streamOf: accountOf,
};

/** For a command that only adds to the account: nothing that stands there bears on its decision. */
export const regardless = {
  initial: null,
  evolve: (state: null): null => state,
};
