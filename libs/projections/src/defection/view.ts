import { latestNotice } from '@afecto/domain';
import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { lossesOf } from './losses';
import { isControllable, keaveneyCauseOf, proposedReasons } from './reasons';

const reasonView = (reason: string) => ({
  reason,
  controllable: isControllable(reason),
  keaveney: keaveneyCauseOf(reason),
});

/** When and why one customer left, and what was done to keep it and to win it back (PR16, `domain.md §9.1`, §9.2). */
export const defectionView: PartyView = {
  code: 'PR16',
  name: 'defection-retention',
  title: 'Losses with their reasons, notices, diagnoses, retention measures and their outcomes',
  read: async (customer) => {
    const { evidence, standing, policy, asOf } = customer;
    return {
      phase: standing.lifecycle.phase,
      lostSince: isoOrNull(standing.lifecycle.lostSince),
      /** What the evidence of today would propose, also before anything is lost. */
      proposedReasons: proposedReasons(evidence, latestNotice(evidence, asOf), policy.configuration, asOf).map(
        reasonView,
      ),
      losses: lossesOf(customer).map((loss) => ({
        from: isoOrNull(loss.from),
        to: isoOrNull(loss.to),
        by: loss.notice === null ? 'silence' : 'notice',
        competitorId: loss.notice?.competitorId ?? null,
        origin: loss.origin,
        reasons: loss.reasons.map(reasonView),
        proposed: loss.proposed,
        diagnosedAt: isoOrNull(loss.diagnosedAt),
        diagnosedInTime: loss.diagnosedInTime,
        attempted: loss.attempted,
        wonBack: loss.wonBack,
        revenueLostMinor: loss.revenueMinor,
        contributionLostMinor: loss.contributionMinor,
      })),
      notices: evidence.defectionNotices.map(
        ({ eventId, at, effectiveAt, reasonCodes, competitorId, withdrawnAt }) => ({
          eventId,
          at: isoOrNull(at),
          effectiveAt: isoOrNull(effectiveAt),
          reasons: reasonCodes,
          competitorId,
          withdrawnAt: isoOrNull(withdrawnAt),
        }),
      ),
      diagnoses: evidence.diagnoses.map(({ eventId, at, reasonCodes }) => ({
        eventId,
        at: isoOrNull(at),
        reasons: reasonCodes.map(reasonView),
      })),
      measures: evidence.retentionMeasures.map(({ eventId, at, kind, measure, triggerEventId, costMinor }) => ({
        eventId,
        at: isoOrNull(at),
        kind,
        measure,
        triggerEventId,
        costMinor,
      })),
      retentionItems: standing.items
        .filter(({ queue }) => queue === 'Q7')
        .map(({ itemId, retentionKind, enteredAt, closedAt, outcome }) => ({
          itemId,
          kind: retentionKind,
          enteredAt: isoOrNull(enteredAt),
          closedAt: isoOrNull(closedAt),
          outcome,
        })),
    };
  },
};
