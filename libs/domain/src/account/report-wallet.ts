import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { code, id, integer, minorUnits, oneOf } from '../facts/codec';
import { list, record, type RecordOf } from '../facts/structure';
import { onAccount, regardless } from './account-stream';
import { walletOrigins } from './events';

const required = { partyId: id, category: code, origin: oneOf(walletOrigins) };
/** Spending with us and in all, in minor units of the reporting currency; or our rank among the brands used, ours included. */
const optional = {
  ownSpendMinor: minorUnits,
  totalSpendMinor: minorUnits,
  rank: integer(1, 50),
  brandsUsed: integer(1, 50),
  competitorIds: list(id, 0, 50),
};
export type ReportWallet = RecordOf<typeof required, typeof optional>;

/**
 * How much of what a customer spends is spent with us (`domain.md §5`, depth). WalletEmpty: a share of
 * wallet follows neither from both spendings nor from rank and brands together.
 */
export const reportWallet: CommandDefinition<ReportWallet, null> = {
  name: 'ReportWallet',
  input: record(required, optional),
  ...onAccount,
  ...regardless,
  decide:
    (input, { knowledge }) =>
    () => {
      const { ownSpendMinor: own, totalSpendMinor: total, rank, brandsUsed } = input;
      if (own !== undefined && total !== undefined && own > total) {
        return refuse('WalletInconsistent', `${own} spent with us is more than ${total} in all`, {
          path: '/ownSpendMinor',
          details: { totalSpendMinor: total },
        });
      }
      if (rank !== undefined && brandsUsed !== undefined && rank > brandsUsed) {
        return refuse('RankOutOfRange', `there is no rank ${rank} among ${brandsUsed} brands`, {
          path: '/rank',
          details: { brandsUsed },
        });
      }
      const hasSpend = own !== undefined && total !== undefined;
      const hasRank = rank !== undefined && brandsUsed !== undefined;
      if (!hasSpend && !hasRank) {
        return refuse('WalletEmpty', 'needs ownSpendMinor and totalSpendMinor, or rank and brandsUsed');
      }
      const partyId = rootOf(knowledge, input.partyId);
      const reported = { ...input, partyId, competitorIds: input.competitorIds ?? [] };
      return E.right([decided('WalletReported', reported, [partyId])]);
    },
};
