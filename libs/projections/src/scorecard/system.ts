import { toIso } from '@afecto/domain';
import type { Figures } from '../figures/definition';

/** Whether the tool works: what is projected, how far behind time it is, and what could not be taken in. */
export const systemFigures: Figures = {
  code: 'PR18',
  name: 'system',
  title: 'Facts projected, how far behind the clock, and events that could not be taken in',
  read: async ({ readModels, asOf, policy }) => {
    const checkpoint = await readModels.checkpoint();
    return {
      facts: checkpoint?.facts ?? 0,
      position: checkpoint?.position.toString() ?? '0',
      evaluatedUpTo: checkpoint === null ? null : toIso(checkpoint.horizon),
      behindMs: checkpoint === null ? null : asOf - checkpoint.horizon,
      deadLetters: await readModels.countDeadLetters(),
      configurationVersion: policy.configuration.version,
      lastReviewAt: policy.review === null ? null : toIso(policy.review.asOf),
    };
  },
};
